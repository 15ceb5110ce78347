package lang

import "github.com/authbench/authbench/internal/policy"

// testUserArgs are the arguments of an emulator block that make test users.
func testUserArgs() []argument[policy.Project] {
	type project = policy.Project
	return []argument[project]{
		intArg("test_users_limit", 0, "How many test users there may be. They get no messages and are not audited.",
			func(p *project) *int { return &p.TestUsersLimit }),
		textArg("test_users_loginid_regexp", "Whoever is created with a login ID that it matches is a test user. It matches anywhere in a text; `^` and `$` bind it.",
			func(p *project) *string { return &p.TestUsersLoginIDRegexp }),
		textArg("test_users_verifier_regexp", "Phones and mail addresses of test users whose code is `test_users_static_otp`.",
			func(p *project) *string { return &p.TestUsersVerifierRegexp }),
		textArg("test_users_static_otp", "Six digits, the code of every one-time code to an address that `test_users_verifier_regexp` matches.",
			func(p *project) *string { return &p.TestUsersStaticOTP }),
	}
}
