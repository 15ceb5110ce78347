package emulator

import (
	"cmp"
	"errors"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

const (
	limitDoes   = "size of the list, 1 to 1000; 100 if left out"
	pageSize    = 100  // of a listing that does not ask for a limit
	maxPageSize = 1000 // what a listing may ask for
	// maxSessionsShown bounds the sessions of one user in a listing.
	maxSessionsShown = 20
	// sessionIDShown is how much of a session's ID a listing tells, in characters. That
	// is enough to tell two apart.
	sessionIDShown = 10
)

type projectList struct {
	FormatVersion int             `json:"format_version"`
	Total         int             `json:"total"`
	Projects      []listedProject `json:"projects"`
}

type listedProject struct {
	ProjectID string `json:"project_id"`
}

// listProjects tells which projects there are, by ID, those after the one of after.
func (a admin) listProjects(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit, err := pageLimit(query)
	if err != nil {
		adminError(w, http.StatusBadRequest, err.Error())
		return
	}
	ids := a.emulator.projectIDs()
	out := projectList{AdminVersion, len(ids), []listedProject{}}
	from, exact := slices.BinarySearch(ids, query.Get("after"))
	if exact {
		from++
	}
	for _, id := range ids[from:min(from+limit, len(ids))] {
		out.Projects = append(out.Projects, listedProject{id})
	}
	answer(w, http.StatusOK, out)
}

// projectIDs is every project, in order.
func (e *Emulator) projectIDs() []string {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return slices.Sorted(maps.Keys(e.projects))
}

// listedUser is a user as the admin API shows it. It holds nothing that one could sign
// in with.
type listedUser struct {
	UserID        string     `json:"user_id"`
	LoginIDs      []string   `json:"login_ids"`
	Name          string     `json:"name"`
	Email         string     `json:"email"`
	Phone         string     `json:"phone"`
	VerifiedEmail bool       `json:"verified_email"`
	VerifiedPhone bool       `json:"verified_phone"`
	Status        string     `json:"status"`
	Test          bool       `json:"test"`
	Pending       bool       `json:"pending"` // a sign-up that nobody has verified yet
	CreatedAt     *time.Time `json:"created_at,omitempty"`
	Links         int        `json:"links"` // that can be redeemed
	Codes         int        `json:"codes"` // that can be redeemed
	SessionCount  int        `json:"session_count"`
	// Sessions are the newest of them, the newest first.
	Sessions []listedSession `json:"sessions"`
}

type listedSession struct {
	ID        string    `json:"id"` // its first characters
	Methods   []string  `json:"methods"`
	OpenedAt  time.Time `json:"opened_at"`
	ExpiresAt time.Time `json:"expires_at"`
	StepUp    bool      `json:"step_up"`
}

type userList struct {
	FormatVersion int          `json:"format_version"`
	Cursor        uint64       `json:"cursor,string"`
	Total         int          `json:"total"`
	Users         []listedUser `json:"users"`
}

// listUsers lists users and unverified sign-ups in order of creation, those after the
// cursor and with the text in a name, an address or an ID. The cursor of the answer is
// the next after; total counts all that have the text.
func (a admin) listUsers(w http.ResponseWriter, r *http.Request, p *project) {
	query := r.URL.Query()
	limit, err := pageLimit(query)
	if err != nil {
		adminError(w, http.StatusBadRequest, err.Error())
		return
	}
	after, err := strconv.ParseUint(cmp.Or(query.Get("after"), "0"), 10, 64)
	if err != nil {
		adminError(w, http.StatusBadRequest, "after is not a cursor")
		return
	}
	out := userList{AdminVersion, after, 0, []listedUser{}}
	_ = p.locked(func(now time.Time) error {
		found, total := p.users.following(after, limit, query.Get("text"))
		for _, u := range found {
			out.Users = append(out.Users, p.listed(now, u))
			out.Cursor = u.order
		}
		out.Total = total
		return nil
	})
	answer(w, http.StatusOK, out)
}

func pageLimit(query url.Values) (int, error) {
	text := query.Get("limit")
	if text == "" {
		return pageSize, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxPageSize {
		return 0, errors.New("limit is not a number from 1 to 1000")
	}
	return n, nil
}

// following gives the first users with the text after a place in the order of creation,
// and how many have the text at all.
func (d *directory) following(after uint64, limit int, text string) (found []*user, total int) {
	later := func(yield func(*user) bool) {
		for _, known := range []iter.Seq[*user]{maps.Values(d.byID), d.pending.each} {
			for u := range known {
				if !hasText(u, text) {
					continue
				}
				total++
				if u.order > after && !yield(u) {
					return
				}
			}
		}
	}
	return first(later, limit, func(a, b *user) int { return cmp.Compare(a.order, b.order) }), total
}

// first gives the first n of all in order. It never sorts more than twice as many: the
// project waits meanwhile.
func first[T any](all iter.Seq[T], n int, order func(a, b T) int) []T {
	found := make([]T, 0, n)
	for x := range all {
		if found = append(found, x); len(found) == 2*n {
			slices.SortFunc(found, order)
			found = found[:n]
		}
	}
	slices.SortFunc(found, order)
	return found[:min(n, len(found))]
}

// listed shows a user. The caller holds the lock.
func (p *project) listed(now time.Time, u *user) listedUser {
	i := u.info
	out := listedUser{
		UserID: i.UserID, LoginIDs: i.LoginIDs, Name: i.Name, Email: i.Email, Phone: i.Phone,
		VerifiedEmail: i.VerifiedEmail, VerifiedPhone: i.VerifiedPhone, Status: i.Status, Test: i.Test,
		Pending: u.pending, Links: len(u.links), SessionCount: len(u.sessions), Sessions: []listedSession{},
	}
	if i.CreatedTime != 0 {
		created := time.Unix(int64(i.CreatedTime), 0).UTC()
		out.CreatedAt = &created
	}
	for _, c := range u.codes {
		if p.redeemable(now, c) {
			out.Codes++
		}
	}
	newest := func(a, b *session) int { return cmp.Or(b.opened.Compare(a.opened), cmp.Compare(a.id, b.id)) }
	for _, s := range first(slices.Values(u.sessions), maxSessionsShown, newest) {
		out.Sessions = append(out.Sessions, listedSession{
			ID: s.id[:min(sessionIDShown, len(s.id))], Methods: s.methods,
			OpenedAt: s.opened.UTC(), ExpiresAt: s.expires.UTC(), StepUp: s.stepUp,
		})
	}
	return out
}
