package pace

import "fmt"

// Slots is how many slots arrivals are dealt to: arrival n belongs to slot n mod
// Slots. It never changes: a run and its seed mean the same for ever.
const Slots = 16384

// Part is the share of the slots that one process of several owns. The zero Part owns
// all of them.
type Part struct{ index, of uint64 }

// NewPart gives share index, from 0, of a run that `of` processes divide evenly.
func NewPart(index, of int) (Part, error) {
	if of < 1 || of > Slots {
		return Part{}, fmt.Errorf("%d parts are not between 1 and %d", of, Slots)
	}
	if index < 0 || index >= of {
		return Part{}, fmt.Errorf("part %d is not between 0 and %d", index, of-1)
	}
	return Part{uint64(index), uint64(of)}, nil
}

// Owns reports whether arrival n belongs to the part.
func (p Part) Owns(n uint64) bool { return n%Slots%max(p.of, 1) == p.index }

// First is the lowest number that the part owns.
func (p Part) First() uint64 { return p.index }

// After is the next number behind n, which the part owns, that it owns too.
func (p Part) After(n uint64) uint64 {
	of := max(p.of, 1)
	if slot := n % Slots; slot+of >= Slots {
		return n - slot + Slots + p.index
	}
	return n + of
}
