package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/policy"
)

func TestTestUsersAreValidated(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   policy.TestUsers
		want []string
	}{
		{policy.TestUsers{Limit: 5, LoginIDRegexp: `^test-`, VerifierRegexp: `.`, StaticOTP: "000000"}, nil},
		{policy.TestUsers{Limit: -1, LoginIDRegexp: `(`, VerifierRegexp: `(?<x`, StaticOTP: "12345a"},
			[]string{"test_users.limit", "test_users.loginid_regexp", "test_users.verifier_regexp", "test_users.static_otp"}},
		{policy.TestUsers{StaticOTP: "1234567"}, []string{"test_users.static_otp", "test_users.static_otp"}},
		{policy.TestUsers{StaticOTP: "123456"}, []string{"test_users.static_otp"}},
		{policy.TestUsers{VerifierRegexp: `.`}, []string{"test_users.static_otp"}},
	} {
		p := policy.Default()
		p.TestUsers = tt.in
		var got []string
		for _, problem := range p.Validate() {
			got = append(got, problem.Setting)
		}
		if diff := cmp.Diff(got, tt.want); diff != "" {
			t.Errorf("%+v: settings at fault (-got +want):\n%s", tt.in, diff)
		}
	}
}
