package emulator_test

import (
	"testing"
)

// A stream tells that the project was made new, at once, and goes on.
func TestStreamTellsOfAReset(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.sendCodes(alice, 2)
	s, other := b.stream("?beat=1m", ""), b.stream("?beat=1m&after=2", "")
	for range 2 {
		s.message()
	}
	for range 2 {
		b.reset()
		for _, one := range []*events{s, other} {
			if got := one.next(); got.name != "reset" || got.id != "2" {
				t.Errorf("after a reset: %+v", got)
			}
		}
	}
	b.sendCodes(bob, 1)
	for _, one := range []*events{s, other} {
		if id, m := one.message(); id != "3" || m.Recipient != bob {
			t.Errorf("message %s %+v", id, m)
		}
	}
	b.emulator.DropProject(b.project.ID)
	if got := s.next(); got.name != "gone" {
		t.Errorf("after the drop: %+v", got)
	}
}
