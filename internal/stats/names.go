package stats

import (
	"slices"
	"strings"
)

// names counts by name, as [tally] does, where few names come again and again: a short
// row is faster to search than a map, and can be used again. Beyond maxNames names the
// rest goes under one.
type names []Tally

func (l *names) add(name string, n uint64) {
	i := l.find(name)
	if i < 0 && len(*l) >= maxNames {
		name = other
		i = l.find(name)
	}
	if i < 0 {
		*l = append(*l, Tally{Name: name})
		i = len(*l) - 1
	}
	(*l)[i].Count += n
}

func (l *names) find(name string) int {
	return slices.IndexFunc(*l, func(t Tally) bool { return t.Name == name })
}

func (l *names) merge(from names) {
	for _, t := range from {
		if t.Count > 0 {
			l.add(t.Name, t.Count)
		}
	}
}

// reset keeps the names, which will come again.
func (l *names) reset() {
	for i := range *l {
		(*l)[i].Count = 0
	}
}

// list gives those that occurred, by name.
func (l *names) list() []Tally {
	out := make([]Tally, 0, len(*l))
	for _, t := range *l {
		if t.Count > 0 {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b Tally) int { return strings.Compare(a.Name, b.Name) })
	return out
}
