package emulator

// owned is what a user has of a kind: a list that is taken out of in any order at no
// cost, and a third of the memory of a map. The zero value is empty.
type owned[T ownable] []T

// ownable knows where in the list of its user it stands.
type ownable interface {
	comparable
	place() *int
}

func (o *owned[T]) add(t T) {
	*t.place() = len(*o)
	*o = append(*o, t)
}

// drop takes out what is in the list; of any other there is nothing to do.
func (o *owned[T]) drop(t T) {
	list := *o
	i, last := *t.place(), len(list)-1
	if i > last || list[i] != t {
		return
	}
	moved := list[last]
	list[i], *moved.place() = moved, i
	var none T
	list[last] = none
	if *o = list[:last]; last == 0 {
		*o = nil
	}
}
