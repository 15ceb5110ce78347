package policy

import "regexp"

// TestUsers is the policy of test users, who get no messages.
type TestUsers struct {
	Limit          int    `json:"limit"`           // how many there may be
	LoginIDRegexp  string `json:"loginid_regexp"`  // whoever is created with a login ID that matches is one; empty for nobody
	VerifierRegexp string `json:"verifier_regexp"` // addresses whose code is StaticOTP; with StaticOTP only
	StaticOTP      string `json:"static_otp"`      // six digits, or empty
}

const (
	maxTestUsers = 1_000_000
	maxRegexp    = 1000 // bytes
)

func (p *Project) testUsers(f *faults) {
	t := &p.TestUsers
	f.number("test_users.limit", t.Limit, 0, maxTestUsers)
	f.regexp("test_users.loginid_regexp", t.LoginIDRegexp)
	f.regexp("test_users.verifier_regexp", t.VerifierRegexp)
	if t.StaticOTP != "" && !sixDigits(t.StaticOTP) {
		f.add("test_users.static_otp", "is not six digits")
	}
	if (t.StaticOTP == "") != (t.VerifierRegexp == "") {
		f.add("test_users.static_otp", "goes with verifier_regexp, and neither without the other")
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
