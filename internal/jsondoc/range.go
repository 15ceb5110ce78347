package jsondoc

import "iter"

// Elements gives the elements of an array, in order; none for another value.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != Array {
			return
		}
		for i := skipSpace(v.raw, 1); v.raw[i] != ']'; i = skipSpace(v.raw, i) {
			if v.raw[i] == ',' {
				i = skipSpace(v.raw, i+1)
			}
			end := scanValue(v.raw, i, 0)
			if !yield(Value{v.raw[i:end]}) {
				return
			}
			i = end
		}
	}
}

// Members gives the members of an object, in order, with their keys as they are
// written; none for another value.
func (v Value) Members() iter.Seq2[[]byte, Value] {
	return func(yield func([]byte, Value) bool) {
		if v.Kind() != Object {
			return
		}
		m := members{text: v.raw}
		for m.next() {
			end := scanValue(v.raw, m.value, 0)
			if !yield(m.key(), Value{v.raw[m.value:end]}) {
				return
			}
			m.end(end)
		}
	}
}
