package emulator

import (
	"cmp"
	"iter"
	"slices"
)

// loginIndex finds users by login ID. Only where tenants are isolated can several users
// have one.
type loginIndex struct {
	oldest  map[string]*user
	younger map[string][]*user // beside the oldest, in order of creation; nil until there is one
}

func newLoginIndex() loginIndex { return loginIndex{oldest: map[string]*user{}} }

func (x *loginIndex) add(login string, u *user) {
	first, taken := x.oldest[login]
	if !taken {
		x.oldest[login] = u
		return
	}
	if u.order < first.order {
		x.oldest[login], u = u, first
	}
	if x.younger == nil {
		x.younger = map[string][]*user{}
	}
	rest := x.younger[login]
	at, _ := slices.BinarySearchFunc(rest, u, func(a, b *user) int { return cmp.Compare(a.order, b.order) })
	x.younger[login] = slices.Insert(rest, at, u)
}

func (x *loginIndex) drop(login string, u *user) {
	rest := x.younger[login]
	switch {
	case x.oldest[login] != u:
		rest = slices.DeleteFunc(rest, func(o *user) bool { return o == u })
	case len(rest) == 0:
		delete(x.oldest, login)
		return
	default:
		x.oldest[login] = rest[0]
		rest = slices.Delete(rest, 0, 1)
	}
	if len(rest) == 0 {
		delete(x.younger, login)
	} else {
		x.younger[login] = rest
	}
}

// of gives the users with a login ID, the oldest first. None may come or go meanwhile.
func (x *loginIndex) of(login string) iter.Seq[*user] {
	return func(yield func(*user) bool) {
		u, ok := x.oldest[login]
		if !ok || !yield(u) {
			return
		}
		for _, u := range x.younger[login] {
			if !yield(u) {
				return
			}
		}
	}
}

// each gives every user once for each login ID, in no order.
func (x *loginIndex) each(yield func(*user) bool) {
	for login := range x.oldest {
		for u := range x.of(login) {
			if !yield(u) {
				return
			}
		}
	}
}
