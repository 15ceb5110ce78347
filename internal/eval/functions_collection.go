package eval

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// collectionFunctions are Terraform's functions on collections that cty's library lacks.
func collectionFunctions() map[string]function.Function {
	return map[string]function.Function{
		"coalesce": coalesceFunction(),
		"alltrue":  quantifier("Whether every element is true; true for none.", true),
		"anytrue":  quantifier("Whether an element is true; false for none.", false),
		"length":   lengthFunction(),
		"lookup":   lookupFunction(),
		"index":    indexFunction(),
		"one":      oneFunction(),
		"sum":      sumFunction(),
	}
}

func quantifier(doc string, all bool) function.Function {
	return function.New(&function.Spec{
		Description: doc,
		Params:      []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}},
		Type:        function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			unknown := false
			for it := args[0].ElementIterator(); it.Next(); {
				_, v := it.Element()
				switch {
				case !v.IsKnown():
					unknown = true
				case v.IsNull():
					if all {
						return cty.False, nil
					}
				case v.True() != all:
					return cty.BoolVal(!all), nil
				}
			}
			if unknown {
				return cty.UnknownVal(cty.Bool), nil
			}
			return cty.BoolVal(all), nil
		},
	})
}

func lengthFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The number of elements of a collection, or of characters of a text.",
		Params:      []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowDynamicType: true, AllowUnknown: true}},
		Type: func(args []cty.Value) (cty.Type, error) {
			t := args[0].Type()
			if t == cty.String || t == cty.DynamicPseudoType || t.IsCollectionType() || t.IsObjectType() || t.IsTupleType() {
				return cty.Number, nil
			}
			return cty.Number, function.NewArgErrorf(0, "must be a text or a collection")
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v := args[0]
			switch t := v.Type(); {
			case t == cty.DynamicPseudoType:
				return cty.UnknownVal(cty.Number), nil
			case t.IsTupleType():
				return cty.NumberIntVal(int64(t.Length())), nil
			case t.IsObjectType():
				return cty.NumberIntVal(int64(len(t.AttributeTypes()))), nil
			case !v.IsKnown():
				return cty.UnknownVal(cty.Number), nil
			case t == cty.String:
				return stdlib.Strlen(v)
			}
			return v.Length(), nil
		},
	})
}

func coalesceFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The first argument that is neither null nor an empty text.",
		VarParam: &function.Parameter{
			Name: "values", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true, AllowNull: true,
		},
		Type: func(args []cty.Value) (cty.Type, error) {
			types := make([]cty.Type, len(args))
			for i, v := range args {
				types[i] = v.Type()
			}
			t, _ := convert.UnifyUnsafe(types)
			if t == cty.NilType {
				return cty.DynamicPseudoType, errors.New("all arguments must have the same type")
			}
			return t, nil
		},
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			for _, arg := range args {
				v, err := convert.Convert(arg, t)
				switch {
				case err != nil:
					return cty.NilVal, err
				case !v.IsKnown():
					return cty.UnknownVal(t), nil
				case v.IsNull(), v.Type() == cty.String && v.AsString() == "":
					continue
				}
				return v, nil
			}
			return cty.NilVal, errors.New("every argument is null or an empty text")
		},
	})
}

func lookupFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The element of a map or an object under key, or fallback when there is none.",
		Params: []function.Parameter{
			{Name: "map", Type: cty.DynamicPseudoType, AllowMarked: true},
			{Name: "key", Type: cty.String, AllowMarked: true},
			{Name: "fallback", Type: cty.DynamicPseudoType, AllowMarked: true, AllowNull: true},
		},
		Type: func([]cty.Value) (cty.Type, error) { return cty.DynamicPseudoType, nil },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			m, mapMarks := args[0].Unmark()
			key, keyMarks := args[1].Unmark()
			marks := []cty.ValueMarks{mapMarks, keyMarks}
			switch t := m.Type(); {
			case t.IsObjectType():
				if t.HasAttribute(key.AsString()) {
					return m.GetAttr(key.AsString()).WithMarks(marks...), nil
				}
			case t.IsMapType():
				if m.HasIndex(key).True() {
					return m.Index(key).WithMarks(marks...), nil
				}
				fallback, err := convert.Convert(args[2], t.ElementType())
				if err != nil {
					return cty.DynamicVal, function.NewArgErrorf(2, "must be of the type of the map's elements, %s", t.ElementType().FriendlyName())
				}
				return fallback.WithMarks(marks...), nil
			default:
				return cty.DynamicVal, function.NewArgErrorf(0, "must be a map or an object")
			}
			return args[2].WithMarks(marks...), nil
		},
	})
}

func indexFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The place of value in list, from 0.",
		Params:      []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}, {Name: "value", Type: cty.DynamicPseudoType}},
		Type:        function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !args[0].Type().IsListType() && !args[0].Type().IsTupleType() {
				return cty.UnknownVal(cty.Number), function.NewArgErrorf(0, "must be a list")
			}
			n := int64(0)
			for it := args[0].ElementIterator(); it.Next(); n++ {
				_, v := it.Element()
				if eq := v.Equals(args[1]); !eq.IsKnown() {
					return cty.UnknownVal(cty.Number), nil
				} else if eq.True() {
					return cty.NumberIntVal(n), nil
				}
			}
			return cty.UnknownVal(cty.Number), errors.New("the value is not in the list")
		},
	})
}

func oneFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The only element of a list or a set, null when it is empty, an error when there are more.",
		Params:      []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
		Type:        func([]cty.Value) (cty.Type, error) { return cty.DynamicPseudoType, nil },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !args[0].CanIterateElements() || args[0].Type().IsObjectType() || args[0].Type().IsMapType() {
				return cty.DynamicVal, function.NewArgErrorf(0, "must be a list or a set")
			}
			switch n := args[0].LengthInt(); n {
			case 0:
				return cty.NullVal(cty.DynamicPseudoType), nil
			case 1:
				it := args[0].ElementIterator()
				it.Next()
				_, v := it.Element()
				return v, nil
			default:
				return cty.DynamicVal, fmt.Errorf("has %d elements; it must have one at most", n)
			}
		},
	})
}

func sumFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The sum of a list or a set of numbers.",
		Params:      []function.Parameter{{Name: "list", Type: cty.List(cty.Number)}},
		Type:        function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if args[0].LengthInt() == 0 {
				return cty.UnknownVal(cty.Number), function.NewArgErrorf(0, "must not be empty")
			}
			total := cty.Zero
			for it := args[0].ElementIterator(); it.Next(); {
				_, v := it.Element()
				if v.IsNull() {
					return cty.UnknownVal(cty.Number), function.NewArgErrorf(0, "must not hold null")
				}
				total = total.Add(v)
			}
			return total, nil
		},
	})
}
