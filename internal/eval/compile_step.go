package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// step compiles step.NAME and what follows it.
func (c *compiler) step(place int, rest hcl.Traversal) (code, string) {
	if !c.layout.Steps[place].ForEach {
		return c.result(place, rest, func(s *Scope) (Object, bool) {
			slot := &s.steps[place]
			return slot.object, slot.state != 0
		})
	}
	path, ok := names(rest[:min(1, len(rest))])
	if !ok || len(path) == 0 {
		return code{}, "all instances of a step"
	}
	key := path[0]
	return c.result(place, rest[1:], func(s *Scope) (Object, bool) {
		for i := range s.steps[place].instances {
			if in := &s.steps[place].instances[i]; in.key == key {
				return in.object, true
			}
		}
		return nil, false
	})
}

// result compiles a reference into a result. find gives the object, nil for a null,
// and whether there is a result at all.
func (c *compiler) result(place int, rest hcl.Traversal, find func(*Scope) (Object, bool)) (code, string) {
	layout := &c.layout.Steps[place]
	if len(rest) == 0 {
		missing := nullOf(layout.Type())
		return code{run: func(s *Scope) (Value, verdict) {
			o, ok := find(s)
			switch {
			case !ok:
				return Value{}, failed
			case o == nil:
				return missing, good
			}
			return take(o.Object())
		}}, ""
	}
	path, ok := names(rest)
	if !ok {
		return code{}, "an index that is not constant"
	}
	at := slices.IndexFunc(layout.Attrs, func(a AttrLayout) bool { return a.Name == path[0] })
	if at < 0 {
		return code{}, "an attribute that the step does not have"
	}
	read := newReading(layout.Attrs[at], at, path[1:], rest)
	return code{run: func(s *Scope) (Value, verdict) {
		o, ok := find(s)
		if !ok || o == nil {
			return Value{}, failed
		}
		return read.from(o)
	}}, ""
}

// reading takes one value out of results.
type reading struct {
	place int
	path  []string
	// rest is the same for hcl, from the result as a whole.
	rest hcl.Traversal
	// secret marks whatever stands below the attribute, guarded the attribute itself
	// unless it is null.
	secret, guarded bool
	// null is a null of the value's type.
	null Value
}

func newReading(a AttrLayout, place int, path []string, rest hcl.Traversal) *reading {
	return &reading{
		place: place, path: path, rest: rest, secret: a.Sensitive && len(path) > 0, guarded: a.Sensitive && len(path) == 0,
		null: nullOf(below(a.Type, path)),
	}
}

func (r *reading) from(o Object) (Value, verdict) {
	v, ok := o.Attr(r.place, r.path)
	if !ok {
		out, hd := r.rest.TraverseRel(o.Object())
		if hd.HasErrors() {
			return Value{}, failed
		}
		return take(out)
	}
	switch v.form {
	case absent:
		return Value{}, failed
	case null:
		secret := v.secret
		if v = r.null; secret {
			v = v.Secret()
		}
	case number:
		v.rounded = v.other == nil // the kind does not tell which precision cty has
	case boxed:
		if v.unknown() {
			return Value{}, handed
		}
	}
	if r.secret || r.guarded && !v.IsNull() {
		v = v.Secret()
	}
	return v, good
}

// nullOf gives a null of a type. One of any type is the cheap one.
func nullOf(t cty.Type) Value {
	if t == cty.DynamicPseudoType {
		return Null()
	}
	return Of(cty.NullVal(t))
}

// below gives the type of what stands at path, any type where that is not known.
func below(t cty.Type, path []string) cty.Type {
	for _, name := range path {
		switch {
		case t.IsObjectType() && t.HasAttribute(name):
			t = t.AttributeType(name)
		case t.IsCollectionType():
			t = t.ElementType()
		default:
			return cty.DynamicPseudoType
		}
	}
	return t
}
