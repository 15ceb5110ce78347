package emulator

import (
	"math/rand/v2"
	"testing"
)

func TestOwnedKeepsTheRest(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var list owned[*link]
	kept := map[*link]bool{}
	for range 10_000 {
		if r.IntN(2) == 0 || len(kept) == 0 {
			l := &link{}
			list.add(l)
			kept[l] = true
		} else {
			l := list[r.IntN(len(list))]
			list.drop(l)
			list.drop(l) // for the second time
			delete(kept, l)
		}
		if len(list) != len(kept) {
			t.Fatalf("%d in the list, want %d", len(list), len(kept))
		}
		for i, l := range list {
			if !kept[l] || *l.place() != i {
				t.Fatalf("at %d of %d is one that was dropped or has another place", i, len(list))
			}
		}
		if len(list) == 0 && list != nil {
			t.Fatal("an empty list keeps its memory")
		}
	}
}
