package policy

import "cmp"

// Complete gives the policy with what the entries of its lists may leave out, and with
// lists where there was nil. What p shares with its copies stays as it is.
func (p Project) Complete() Project {
	p.ApprovedDomains = present(p.ApprovedDomains)
	p.Limits = completed(p.Limits, func(l *Limit) { l.Routes, l.Except = present(l.Routes), present(l.Except) })
	p.Users = completed(p.Users, func(u *User) {
		u.Status, u.Roles, u.Tenants = cmp.Or(u.Status, StatusEnabled), present(u.Roles), present(u.Tenants)
	})
	p.Answers = present(p.Answers)
	p.Delivery = p.Delivery.Complete()
	p.Faults = present(p.Faults)
	p.Unpublished.Providers = present(p.Unpublished.Providers)
	return p
}

// Complete gives the settings with a list where there was nil.
func (d Delivery) Complete() Delivery {
	d.Carriers = present(d.Carriers)
	return d
}

func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func completed[T any](list []T, complete func(*T)) []T {
	out := append([]T{}, list...)
	for i := range out {
		complete(&out[i])
	}
	return out
}
