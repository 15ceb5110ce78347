package emulator

import (
	"regexp"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// testRules say who is a test user, and which codes are static. They are immutable.
type testRules struct {
	limit     int
	login     *regexp.Regexp // nil matches nobody
	verifier  *regexp.Regexp
	staticOTP string
}

// newTestRules compiles a policy that is valid.
func newTestRules(p *policy.Project) testRules {
	r := testRules{limit: p.TestUsersLimit, staticOTP: p.TestUsersStaticOTP}
	if p.TestUsersLoginIDRegexp != "" {
		r.login = regexp.MustCompile(p.TestUsersLoginIDRegexp)
	}
	if p.TestUsersVerifierRegexp != "" {
		r.verifier = regexp.MustCompile(p.TestUsersVerifierRegexp)
	}
	return r
}

func (r *testRules) names(login string) bool { return r.login != nil && r.login.MatchString(login) }

// code is the static code of a message to a test user, or empty.
func (r *testRules) code(u *user, contact string) string {
	if r.verifier == nil || !u.info.Test || !r.verifier.MatchString(contact) {
		return ""
	}
	return r.staticOTP
}

// roomForTestUser refuses one more test user than the policy allows.
func (p *project) roomForTestUser(test bool) error {
	if test && p.users.tests >= p.testRules().limit {
		return refuse(descope.TestUserLimit, "")
	}
	return nil
}

// deleteTestUsers deletes every test user, and the sign-ups of those to be.
func (c *call) deleteTestUsers() (any, error) {
	return struct{}{}, c.project.locked(func(time.Time) error {
		for _, u := range c.project.users.byID {
			if u.info.Test {
				c.project.deleteUser(u)
			}
		}
		for _, u := range slices.Collect(c.project.users.pending.each) {
			if u.info.Test {
				c.project.deleteUser(u)
			}
		}
		return nil
	})
}

func (c *call) searchTestUsers() (any, error) {
	return c.search(func(in *descope.SearchUsersRequest) { in.TestUsersOnly = true })
}
