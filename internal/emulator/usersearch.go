package emulator

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/contact"
	"github.com/authbench/authbench/internal/descope"
)

const maxSearchLimit = 1000

func (c *call) searchUsers() (any, error) { return c.search(func(*descope.SearchUsersRequest) {}) }

func (c *call) search(narrow func(*descope.SearchUsersRequest)) (any, error) {
	var in descope.SearchUsersRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	narrow(&in)
	limit := int(in.Limit)
	if limit == 0 {
		limit = 100
	}
	if limit < 0 || limit > maxSearchLimit || in.Page < 0 || in.Offset < 0 {
		return nil, refuse(descope.InvalidArgument, "The limit, the page or the offset is out of bounds")
	}
	if len(in.TenantRoleIDs)+len(in.TenantRoleNames) > 0 {
		return nil, refuse(descope.NotEmulated, "tenantRoleIds and tenantRoleNames are not emulated")
	}
	order, err := orderOf(in.Sort)
	if err != nil {
		return nil, err
	}
	out := descope.SearchUsersResponse{Users: []descope.User{}}
	return &out, c.project.locked(func(time.Time) error {
		found := slices.DeleteFunc(slices.Clone(c.project.candidates(in)), func(u *user) bool { return !matches(u, in) })
		if order != nil {
			slices.SortStableFunc(found, order)
		}
		out.Total = int32(len(found))
		first := min(int(in.Offset)+int(in.Page)*limit, len(found))
		for _, u := range found[first:min(first+limit, len(found))] {
			out.Users = append(out.Users, u.snapshot())
		}
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
			named = slices.AppendSeq(named, p.users.named(login))
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
	created, modified := int64(info.CreatedTime)*1000, int64(cmp.Or(info.ModifiedTime, info.CreatedTime))*1000
	return oneOf(in.LoginIDs, func(s string) bool { return u.has(contact.Login(s)) }) &&
		oneOf(in.Emails, func(s string) bool { return info.Email == contact.Login(s) }) &&
		oneOf(in.Phones, func(s string) bool { return info.Phone == contact.Login(s) }) &&
		oneOf(in.Statuses, func(s string) bool { return info.Status == s }) &&
		oneOf(in.TenantIDs, func(s string) bool { return inTenant(info, s) }) &&
		oneOf(in.RoleNames, func(s string) bool { return slices.Contains(info.RoleNames, s) }) &&
		oneOf(in.SSOApps(), func(s string) bool { return slices.Contains(info.SSOAppIDs, s) }) &&
		(in.VerifiedEmail == nil || *in.VerifiedEmail == info.VerifiedEmail) &&
		(in.VerifiedPhone == nil || *in.VerifiedPhone == info.VerifiedPhone) &&
		within(created, in.FromCreatedTime, in.ToCreatedTime) && within(modified, in.FromModifiedTime, in.ToModifiedTime) &&
		hasText(u, in.Text) && hasAttributes(info, in.CustomAttributes)
}

// within tells whether a time lies between two, of which zero is no bound.
func within(at int64, from, to descope.Int64) bool {
	return (from == 0 || at >= int64(from)) && (to == 0 || at <= int64(to))
}

func inTenant(info *descope.User, tenant string) bool {
	return slices.ContainsFunc(info.UserTenants, func(t descope.UserTenant) bool { return t.TenantID == tenant })
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
		if !sameValue(info.CustomAttributes[name], value) {
			return false
		}
	}
	return true
}
