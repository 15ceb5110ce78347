package policy

import "regexp"

const (
	maxTestUsers = 1_000_000
	maxRegexp    = 1000 // bytes
)

func (p *Project) testUsers(f *faults) {
	f.number("test_users_limit", p.TestUsersLimit, 0, maxTestUsers)
	f.regexp("test_users_loginid_regexp", p.TestUsersLoginIDRegexp)
	f.regexp("test_users_verifier_regexp", p.TestUsersVerifierRegexp)
	if p.TestUsersStaticOTP != "" && !sixDigits(p.TestUsersStaticOTP) {
		f.add("test_users_static_otp", "is not six digits")
	}
	if (p.TestUsersStaticOTP == "") != (p.TestUsersVerifierRegexp == "") {
		f.add("test_users_static_otp", "goes with test_users_verifier_regexp, and neither without the other")
	}
}

func (f *faults) regexp(setting, text string) {
	if _, err := regexp.Compile(text); err != nil || len(text) > maxRegexp {
		f.add(setting, "%q is not a regular expression of at most %d bytes", text, maxRegexp)
	}
}

func sixDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) == 6
}
