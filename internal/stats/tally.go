package stats

import (
	"maps"
	"slices"
)

const (
	// maxNames bounds the names that a target can make up and have counted.
	maxNames = 64
	other    = "other"
)

// Tally is how often something with a name occurred.
type Tally struct {
	Name  string `json:"name"`
	Count uint64 `json:"count"`
}

// tally counts by name. Beyond maxNames names the rest goes under one.
type tally map[string]uint64

func (t tally) add(name string) {
	if _, known := t[name]; !known && len(t) >= maxNames {
		name = other
	}
	t[name]++
}

func (t tally) list() []Tally {
	out := make([]Tally, 0, len(t))
	for _, name := range slices.Sorted(maps.Keys(t)) {
		out = append(out, Tally{name, t[name]})
	}
	return out
}
