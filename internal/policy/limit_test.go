package policy_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/policy"
)

// Each path counts for the one published limit that is meant for it.
func TestDescopeLimits(t *testing.T) {
	t.Parallel()
	p := policy.Default()
	p.RateLimit = policy.RateLimitDescope
	for path, want := range map[string]string{
		"/v1/auth/otp/signin/sms":        "api 100/1m0s ip",
		"/v1/auth/me":                    "api 100/1m0s ip",
		"/v1/mgmt/user":                  "user 500/1m0s project",
		"/v1/mgmt/user/delete":           "user 500/1m0s project",
		"/v1/mgmt/user/create/test":      "user 500/1m0s project",
		"/v1/mgmt/user/create":           "user_create 100/1m0s project",
		"/v1/mgmt/user/create/batch":     "user_create 100/1m0s project",
		"/v1/mgmt/user/update":           "user_update 200/1m0s project",
		"/v2/mgmt/user/search":           "user_update 200/1m0s project",
		"/v1/mgmt/tests/generate/otp":    "backend 1000/10s ip",
		"/v1/mgmt/license":               "backend 1000/10s ip",
		"/v1/mgmt/users/load":            "backend 1000/10s ip",
		"/v1/mgmt/userx":                 "backend 1000/10s ip",
		"/v1/auth/magiclink/verify":      "api 100/1m0s ip",
		"/v2/mgmt/user/search/test":      "user 500/1m0s project",
		"/v1/mgmt/user/update/phone":     "user 500/1m0s project",
		"/v1/mgmt/user/test/delete/all":  "user 500/1m0s project",
		"/v1/mgmt/user/signin/embedded":  "user 500/1m0s project",
		"/v1/auth/enchantedlink/verify":  "api 100/1m0s ip",
		"/v1/mgmt/user/create/something": "user 500/1m0s project",
	} {
		var got []string
		for _, l := range p.LimitsInForce() {
			if l.Covers(path) {
				got = append(got, fmt.Sprintf("%s %d/%s %s", l.Name, l.Requests, l.Window, l.By))
			}
			if l.Backoff != l.Window {
				t.Errorf("%s: back-off %s, want %s", l.Name, l.Backoff, l.Window)
			}
		}
		if diff := cmp.Diff(got, []string{want}); diff != "" {
			t.Errorf("%s (-got +want):\n%s", path, diff)
		}
	}
}

func TestLimitsInForce(t *testing.T) {
	t.Parallel()
	own := policy.Limit{Name: "own", By: policy.ByIP, Requests: 1, Window: 1e9}
	for choice, want := range map[string]int{policy.RateLimitOff: 0, policy.RateLimitDescope: 6, policy.RateLimitCustom: 1} {
		p := policy.Default()
		p.RateLimit, p.Limits = choice, []policy.Limit{own}
		if got := len(p.LimitsInForce()); got != want {
			t.Errorf("%s: %d limits, want %d", choice, got, want)
		}
	}
}
