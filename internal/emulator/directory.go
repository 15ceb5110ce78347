package emulator

import (
	"cmp"
	"iter"
	"slices"

	"github.com/authbench/authbench/internal/contact"
)

// directory finds users. A pending sign-up is found apart, so that nobody sees a user
// before the first verification; it has one login ID.
type directory struct {
	byID    map[string]*user
	byLogin loginIndex
	pending loginIndex
	created uint64
	tests   int // test users in byID
}

func newDirectory() *directory {
	return &directory{byID: map[string]*user{}, byLogin: newLoginIndex(), pending: newLoginIndex()}
}

// find is the user of a login ID in any form, the oldest of several, or nil.
func (d *directory) find(login string) *user { return d.byLogin.oldest[contact.Login(login)] }

// several tells whether a login ID in any form is that of more than one user.
func (d *directory) several(login string) bool {
	return len(d.byLogin.younger[contact.Login(login)]) > 0
}

// named gives every user of a login ID in any form.
func (d *directory) named(login string) iter.Seq[*user] { return d.byLogin.of(contact.Login(login)) }

// fresh makes a user that is in no index.
func (d *directory) fresh(id string) *user {
	d.created++
	u := &user{
		order: d.created,
		info:  blankInfo(),
	}
	u.info.UserID = id
	return u
}

// add makes the user known under all its login IDs, which must be free.
func (d *directory) add(u *user) {
	d.byID[u.info.UserID] = u
	if u.info.Test {
		d.tests++
	}
	for _, login := range u.info.LoginIDs {
		d.byLogin.add(login, u)
	}
}

// addLogin gives the user one more login ID, which must be free.
func (d *directory) addLogin(u *user, login string) {
	u.info.LoginIDs = append(slices.Clone(u.info.LoginIDs), login)
	d.byLogin.add(login, u)
}

// dropLogin takes a login ID away.
func (d *directory) dropLogin(u *user, login string) {
	u.info.LoginIDs = slices.DeleteFunc(slices.Clone(u.info.LoginIDs), func(l string) bool { return l == login })
	d.byLogin.drop(login, u)
}

// remove forgets the user in every index.
func (d *directory) remove(u *user) {
	if u.pending {
		d.pending.drop(u.info.LoginIDs[0], u)
		return
	}
	delete(d.byID, u.info.UserID)
	if u.info.Test {
		d.tests--
	}
	for _, login := range u.info.LoginIDs {
		d.byLogin.drop(login, u)
	}
}

// all lists the users in order of creation.
func (d *directory) all() []*user {
	users := make([]*user, 0, len(d.byID))
	for _, u := range d.byID {
		users = append(users, u)
	}
	inOrder(users)
	return users
}

func inOrder(users []*user) {
	slices.SortFunc(users, func(a, b *user) int { return cmp.Compare(a.order, b.order) })
}

// empty tells whether there is no user, nor a sign-up that could become one.
func (d *directory) empty() bool { return len(d.byID) == 0 && len(d.pending.oldest) == 0 }
