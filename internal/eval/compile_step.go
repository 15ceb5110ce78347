package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// step compiles step.NAME and what follows it.
func (c *compiler) step(place int, rest hcl.Traversal) (code, string) {
	if !c.layout.Steps[place].ForEach {
		if read, ok := c.reading(place, rest); ok {
			// Without a result there is no object either.
			return code{run: func(s *Scope) (Value, verdict) { return read.from(s.steps[place].object) }}, ""
		}
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

// own compiles self and what follows it.
func (c *compiler) own(rest hcl.Traversal) (code, string) {
	if read, ok := c.reading(c.self, rest); ok {
		return code{run: func(s *Scope) (Value, verdict) { return read.from(s.self) }}, ""
	}
	return c.result(c.self, rest, func(s *Scope) (Object, bool) { return s.self, s.self != nil })
}

// reading prepares to read an attribute of a result, where rest is one.
func (c *compiler) reading(place int, rest hcl.Traversal) (*reading, bool) {
	path, ok := names(rest)
	if !ok || len(path) == 0 {
		return nil, false
	}
	attrs := c.layout.Steps[place].Attrs
	at := slices.IndexFunc(attrs, func(a AttrLayout) bool { return a.Name == path[0] })
	if at < 0 {
		return nil, false
	}
	return newReading(attrs[at], at, path[1:], rest), true
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
	read, ok := c.reading(place, rest)
	if !ok {
		if _, ok := names(rest); !ok {
			return code{}, "an index that is not constant"
		}
		return code{}, "an attribute that the step does not have"
	}
	return code{run: func(s *Scope) (Value, verdict) {
		o, _ := find(s)
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

// from reads the value, of a nil object that of none.
func (r *reading) from(o Object) (Value, verdict) {
	if o == nil {
		return Value{}, failed
	}
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
