package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/policy"
)

type testUsers struct {
	limit                   int
	login, verifier, static string
}

func TestTestUsersAreValidated(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   testUsers
		want []string
	}{
		{testUsers{limit: 5, login: `^test-`, verifier: `.`, static: "000000"}, nil},
		{testUsers{limit: -1, login: `(`, verifier: `(?<x`, static: "12345a"},
			[]string{"test_users_limit", "test_users_loginid_regexp", "test_users_verifier_regexp", "test_users_static_otp"}},
		{testUsers{static: "1234567"}, []string{"test_users_static_otp", "test_users_static_otp"}},
		{testUsers{static: "123456"}, []string{"test_users_static_otp"}},
		{testUsers{verifier: `.`}, []string{"test_users_static_otp"}},
	} {
		p := policy.Default()
		p.TestUsersLimit, p.TestUsersLoginIDRegexp, p.TestUsersVerifierRegexp, p.TestUsersStaticOTP = tt.in.limit, tt.in.login, tt.in.verifier, tt.in.static
		var got []string
		for _, problem := range p.Validate() {
			got = append(got, problem.Setting)
		}
		if diff := cmp.Diff(got, tt.want); diff != "" {
			t.Errorf("%+v: settings at fault (-got +want):\n%s", tt.in, diff)
		}
	}
}
