package lang

import "github.com/authbench/authbench/internal/policy"

func testUsersBlock() emulatorBlock {
	type users = policy.TestUsers
	return once("test_users", "Test users, who get no messages and are not audited.", []argument[users]{
		intArg("limit", 0, "How many there may be.", func(t *users) *int { return &t.Limit }),
		textArg("loginid_regexp", "Whoever is created with a login ID that it matches is a test user. It matches anywhere in a text; `^` and `$` bind it.",
			func(t *users) *string { return &t.LoginIDRegexp }),
		textArg("verifier_regexp", "Phones and mail addresses of test users whose code is `static_otp`.", func(t *users) *string { return &t.VerifierRegexp }),
		textArg("static_otp", "Six digits, the code of every one-time code to an address that `verifier_regexp` matches.",
			func(t *users) *string { return &t.StaticOTP }),
	}, func(p *policy.Project) *users { return &p.TestUsers })
}
