package policy_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/policy"
)

func TestDefaultIsValid(t *testing.T) {
	t.Parallel()
	if got := policy.Default().Validate(); got != nil {
		t.Errorf("Default().Validate() = %v, want nil", got)
	}
}

func TestValidateReportsEveryFault(t *testing.T) {
	t.Parallel()
	p := policy.Project{
		SigningAlg:             "none",
		ApprovedDomains:        []string{"ok.test", "*.ok.test", "https://x.test", "a b", "*.", "-a.test"},
		SessionTokenExpiration: policy.Duration(time.Hour),
		RefreshTokenExpiration: policy.Duration(time.Minute),
		MagicLink:              policy.MagicLink{RedirectURL: "javascript:alert(1)"},
	}
	var got []string
	for _, problem := range p.Validate() {
		got = append(got, problem.Setting)
	}
	want := []string{
		"signing_alg", "retry_after", "otp.expiration_time", "otp.digits", "otp.resend", "otp.attempts",
		"magic_link.expiration_time", "embedded_link.expiration_time", "enchanted_link.expiration_time",
		"unpublished.user_made", "unpublished.update_tokens", "unpublished.logout_ends", "unpublished.unknown_fields", "unpublished.duplicate_fields",
		"approved_domains[2]", "approved_domains[3]", "approved_domains[4]", "approved_domains[5]",
		"session_token_expiration", "session_token_response_method", "session_token_cookie_policy",
		"refresh_token_response_method", "refresh_token_cookie_policy", "step_up_token_expiration", "inactivity_time",
		"rate_limit", "magic_link.redirect_url", "enchanted_link.redirect_url", "rate_limit_tier",
		"delivery.latency.distribution", "delivery.reorder_within", "delivery.reject_at",
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("settings at fault (-got +want):\n%s", diff)
	}
}

func TestImpossiblePortIsRefused(t *testing.T) {
	t.Parallel()
	for _, port := range []string{"0", "65536", "-1", "x"} {
		p := policy.Default()
		p.MagicLink.RedirectURL = "https://app.example.test:" + port + "/v"
		if got := p.Validate(); len(got) != 1 || got[0].Setting != "magic_link.redirect_url" {
			t.Errorf("port %s: %v, want one problem of the redirect", port, got)
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	in := policy.Default()
	in.ApprovedDomains = []string{"app.example.test"}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out policy.Project
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(out, in); diff != "" {
		t.Errorf("round trip (-got +want):\n%s", diff)
	}
}

func TestDurationRefusesNonsense(t *testing.T) {
	t.Parallel()
	var p policy.Project
	if err := json.Unmarshal([]byte(`{"otp":{"expiration_time":"soon"}}`), &p); err == nil {
		t.Error("a duration of \"soon\" was accepted")
	}
}
