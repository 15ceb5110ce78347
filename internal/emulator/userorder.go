package emulator

import (
	"cmp"
	"strings"

	"github.com/authbench/authbench/internal/descope"
)

type order = func(a, b *user) int

// orderOf gives the order that a search asks for, nil for that of creation.
func orderOf(fields []descope.SortField) (order, error) {
	if len(fields) == 0 {
		return nil, nil
	}
	keys := make([]order, len(fields))
	for i, f := range fields {
		key := keyOfField(f.Field)
		if key == nil {
			return nil, refuse(descope.NotEmulated, "sorting by this field is not emulated")
		}
		if f.Desc {
			keys[i] = func(a, b *user) int { return key(b, a) }
		} else {
			keys[i] = key
		}
	}
	return func(a, b *user) int {
		for _, key := range keys {
			if c := key(a, b); c != 0 {
				return c
			}
		}
		return 0
	}, nil
}

// keyOfField compares by one field of a user, nil if there is no such order.
func keyOfField(field string) order {
	text := func(of func(*descope.User) string) order {
		return func(a, b *user) int { return strings.Compare(of(&a.info), of(&b.info)) }
	}
	number := func(of func(*descope.User) int32) order {
		return func(a, b *user) int { return cmp.Compare(of(&a.info), of(&b.info)) }
	}
	flag := func(of func(*descope.User) bool) order {
		return number(func(u *descope.User) int32 {
			if of(u) {
				return 1
			}
			return 0
		})
	}
	switch field {
	case "name", "displayName":
		return text(func(u *descope.User) string { return u.Name })
	case "givenName":
		return text(func(u *descope.User) string { return u.GivenName })
	case "middleName":
		return text(func(u *descope.User) string { return u.MiddleName })
	case "familyName":
		return text(func(u *descope.User) string { return u.FamilyName })
	case "email":
		return text(func(u *descope.User) string { return u.Email })
	case "phone":
		return text(func(u *descope.User) string { return u.Phone })
	case "status":
		return text(func(u *descope.User) string { return u.Status })
	case "userId":
		return text(func(u *descope.User) string { return u.UserID })
	case "loginIds":
		return text(func(u *descope.User) string { return strings.Join(u.LoginIDs, ",") })
	case "createdTime":
		return number(func(u *descope.User) int32 { return u.CreatedTime })
	case "modifiedTime":
		return number(func(u *descope.User) int32 { return cmp.Or(u.ModifiedTime, u.CreatedTime) })
	case "verifiedEmail":
		return flag(func(u *descope.User) bool { return u.VerifiedEmail })
	case "verifiedPhone":
		return flag(func(u *descope.User) bool { return u.VerifiedPhone })
	case "test":
		return flag(func(u *descope.User) bool { return u.Test })
	}
	return nil
}
