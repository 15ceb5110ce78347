package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/policy"
)

// One login ID is one user of the project, or of each of its isolated tenants.
func TestUsersOfOneLoginID(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		tenants [][]string
		apart   []string // settings that are faulty where tenants are isolated
	}{
		{"of two tenants", [][]string{{"T1"}, {"T2"}}, nil},
		{"of one tenant", [][]string{{"T1"}, {"T1"}}, []string{"user[1]"}},
		{"of a tenant that one shares", [][]string{{"T1", "T2"}, {"T3"}, {"T2"}}, []string{"user[2]"}},
		{"of none", [][]string{{}, {"T1"}, nil}, []string{"user[2]"}},
	} {
		for _, apart := range []bool{false, true} {
			p := policy.Default()
			p.TenantUserIsolation = apart
			var want []string
			for i, tenants := range tt.tenants {
				p.Users = append(p.Users, policy.User{Key: string(rune('a' + i)), Email: "ann@x.test", Tenants: tenants})
				if at := "user[" + string(rune('0'+i)) + "]"; i > 0 && !apart {
					want = append(want, at)
				}
			}
			if apart {
				want = tt.apart
			}
			var got []string
			for _, problem := range p.Validate() {
				got = append(got, problem.Setting)
			}
			if diff := cmp.Diff(got, want); diff != "" {
				t.Errorf("%s, apart %v: faults (-got +want):\n%s", tt.name, apart, diff)
			}
		}
	}
}
