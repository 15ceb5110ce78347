package jsondoc

import "iter"

// maxFields is how many fields of an object are noted.
const maxFields = 24

// Fields is an object of a shape of which it is known where the fields stand, so that to
// find one is not to walk again over those before it.
type Fields struct {
	Value
	shape *Shape
	text  []byte
	at    [maxFields]struct{ from, to int32 }
}

// ParseFields is Parse into f, which must be the zero value.
func ParseFields(data []byte, s *Shape, f *Fields) (ok bool) {
	f.shape, f.text = s, data
	f.Value, ok = s.parse(data, f)
	return ok
}

func (f *Fields) note(field, from, to int) {
	if f != nil && field < maxFields && to != bad {
		f.at[field].from, f.at[field].to = int32(from), int32(to)
	}
}

// Find gives the field of this name, the zero Value when it is absent.
func (f *Fields) Find(name string) Value {
	for i := range f.shape.fields {
		if f.shape.fields[i].name != name {
			continue
		}
		if i >= maxFields {
			break
		}
		return Value{f.text[f.at[i].from:f.at[i].to]}
	}
	return f.Value.Find(name)
}

// Objects gives the elements of an array of objects of the shape, in order, each in the
// same place; one that is no such object is the zero Fields.
func (v Value) Objects(s *Shape) iter.Seq[*Fields] {
	return func(yield func(*Fields) bool) {
		if v.Kind() != Array {
			return
		}
		var f Fields
		for i := skipSpace(v.raw, 1); v.raw[i] != ']'; i = skipSpace(v.raw, i) {
			if v.raw[i] == ',' {
				i = skipSpace(v.raw, i+1)
			}
			f = Fields{shape: s, text: v.raw}
			end := bad
			if v.raw[i] == '{' {
				end = s.scan(v.raw, i, 0, &f)
			}
			if end == bad {
				f = Fields{shape: s}
				end = scanValue(v.raw, i, 0)
			} else {
				f.Value = Value{v.raw[i:end]}
			}
			if !yield(&f) {
				return
			}
			i = end
		}
	}
}
