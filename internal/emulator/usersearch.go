package emulator

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

const maxSearchLimit = 1000

func (c *call) searchUsers() (any, error) {
	var in descope.SearchUsersRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	limit := int(in.Limit)
	if limit == 0 {
		limit = 100
	}
	if limit < 0 || limit > maxSearchLimit || in.Page < 0 {
		return nil, refuse(descope.InvalidArgument, "The limit or the page is out of bounds")
	}
	out := descope.SearchUsersResponse{Users: []descope.User{}}
	return &out, c.project.locked(func(time.Time) error {
		first := int(in.Page) * limit
		matched := 0
		for _, u := range c.project.candidates(in) {
			if !matches(u, in) {
				continue
			}
			if matched >= first && len(out.Users) < limit {
				out.Users = append(out.Users, u.snapshot())
			}
			matched++
		}
		out.Total = int32(matched)
		return nil
	})
}

// candidates narrows a search by index where it names users, and is every user
// in order of creation where it does not.
func (p *project) candidates(in descope.SearchUsersRequest) []*user {
	var named []*user
	switch {
	case len(in.UserIDs) > 0:
		for _, id := range in.UserIDs {
			if u, ok := p.users.byID[id]; ok {
				named = append(named, u)
			}
		}
	case len(in.LoginIDs) > 0:
		for _, login := range in.LoginIDs {
			if u := p.users.find(login); u != nil {
				named = append(named, u)
			}
		}
	default:
		return p.users.all()
	}
	inOrder(named)
	return slices.Compact(named)
}

func matches(u *user, in descope.SearchUsersRequest) bool {
	info := &u.info
	if info.Test && !in.WithTestUser && !in.TestUsersOnly || !info.Test && in.TestUsersOnly {
		return false
	}
	oneOf := func(list []string, same func(string) bool) bool {
		return len(list) == 0 || slices.ContainsFunc(list, same)
	}
	created := int64(info.CreatedTime) * 1000
	return oneOf(in.LoginIDs, func(s string) bool { return u.has(normalLogin(s)) }) &&
		oneOf(in.Emails, func(s string) bool { return info.Email == normalLogin(s) }) &&
		oneOf(in.Phones, func(s string) bool { return info.Phone == normalLogin(s) }) &&
		oneOf(in.Statuses, func(s string) bool { return info.Status == s }) &&
		(in.FromCreatedTime == 0 || created >= in.FromCreatedTime) &&
		(in.ToCreatedTime == 0 || created <= in.ToCreatedTime) &&
		hasText(u, in.Text) && hasAttributes(info, in.CustomAttributes)
}

func hasText(u *user, text string) bool {
	if text == "" {
		return true
	}
	text = strings.ToLower(text)
	in := append([]string{u.info.Name, u.info.Email, u.info.Phone, u.info.UserID}, u.info.LoginIDs...)
	return slices.ContainsFunc(in, func(s string) bool { return strings.Contains(strings.ToLower(s), text) })
}

func hasAttributes(info *descope.User, wanted map[string]any) bool {
	for name, value := range wanted {
		if !reflect.DeepEqual(info.CustomAttributes[name], value) {
			return false
		}
	}
	return true
}
