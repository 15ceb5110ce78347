package emulator

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Users come in the order of their creation, in whatever order they came to the login ID.
func TestLoginIndexIsInOrder(t *testing.T) {
	t.Parallel()
	x := newLoginIndex()
	users := make([]*user, 5)
	for i := range users {
		users[i] = &user{order: uint64(i)}
	}
	see := func(want ...uint64) {
		t.Helper()
		var got []uint64
		for u := range x.of("a") {
			got = append(got, u.order)
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("users (-got +want):\n%s", diff)
		}
		if n := len(slices.Collect(x.each)); n != len(want)+1 {
			t.Errorf("%d users in all, want %d", n, len(want)+1)
		}
	}
	x.add("b", &user{})
	for _, i := range []int{3, 1, 4, 0, 2} {
		x.add("a", users[i])
	}
	see(0, 1, 2, 3, 4)
	x.drop("a", users[2])
	x.drop("a", users[0])
	see(1, 3, 4)
	x.drop("a", users[4])
	x.drop("a", users[0]) // it has gone
	x.drop("a", users[1])
	see(3)
	x.drop("a", users[3])
	see()
	if len(x.oldest) != 1 || len(x.younger) != 0 {
		t.Errorf("left behind: %v, %v", x.oldest, x.younger)
	}
}
