package lang

import "github.com/authbench/authbench/internal/policy"

func userBlock() emulatorBlock {
	type user = policy.User
	block := many("user", "A user that the project has from the start.", []argument[user]{
		textArg("login_id", "Login ID. Without it the phone is one, else the email.", func(u *user) *string { return &u.LoginID }),
		textArg("phone", "Phone number.", func(u *user) *string { return &u.Phone }),
		boolArg("verified_phone", "The user has proved to read messages to the phone.", func(u *user) *bool { return &u.VerifiedPhone }),
		textArg("email", "Mail address.", func(u *user) *string { return &u.Email }),
		boolArg("verified_email", "The user has proved to read messages to the address.", func(u *user) *bool { return &u.VerifiedEmail }),
		textArg("name", "Name that is shown.", func(u *user) *string { return &u.Name }),
		wordArg("status", policy.Statuses(), "State of the account.", func(u *user) *string { return &u.Status }),
		textsArg("roles", "Names of roles.", func(u *user) *[]string { return &u.Roles }),
		textsArg("tenants", "IDs of tenants.", func(u *user) *[]string { return &u.Tenants }),
	}, func(label string) user {
		return user{Key: label, Status: policy.StatusEnabled, Roles: []string{}, Tenants: []string{}}
	}, func(p *policy.Project) *[]user { return &p.Users })
	block.member = "key" // a user has a name
	return block
}
