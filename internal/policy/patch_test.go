package policy_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/policy"
)

func patch(t *testing.T, p policy.Project, text string) (policy.Project, error) {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	return p.Patched(document)
}

// A patch changes what it names and leaves the rest, lists and secrets too.
func TestPatched(t *testing.T) {
	t.Parallel()
	p := policy.Default()
	p.ApprovedDomains = []string{"a.test", "b.test"}
	p.OTP.Attempts = 3
	p.Limits = []policy.Limit{{Name: "l", By: policy.ByIP, Requests: 1, Window: policy.Duration(time.Minute), Routes: []string{}, Except: []string{}}}
	gateway := policy.DefaultSMSGateway()
	gateway.PostURL, gateway.HMACSecret = "http://127.0.0.1/", policy.NewSecret("canary")
	p.Connectors.GenericSMSGateway = &gateway
	before, err := patch(t, p, `{}`)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, p, cmp.Comparer(policy.Secret.Equal)); diff != "" {
		t.Errorf("an empty patch (-got +want):\n%s", diff)
	}
	next, err := patch(t, p, `{
		"approved_domains": ["c.test"], "otp": {"digits": 8, "attempts": null}, "unpublished": {"repeat_within": "5s"},
		"connectors": {"generic_sms_gateway": {"hmac_secret": "***", "sender": "x"}}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := p
	want.ApprovedDomains = []string{"c.test"}
	want.OTP.Digits, want.OTP.Attempts = 8, 5
	want.Unpublished.RepeatWithin = policy.Duration(5 * time.Second)
	sender := gateway
	sender.Sender = "x"
	want.Connectors.GenericSMSGateway = &sender
	if diff := cmp.Diff(next, want, cmp.Comparer(policy.Secret.Equal)); diff != "" {
		t.Errorf("patched (-got +want):\n%s", diff)
	}
	if p.ApprovedDomains[0] != "a.test" || p.Connectors.GenericSMSGateway.Sender != "" {
		t.Error("the patch changed the policy that it was made of")
	}
	if next, err = patch(t, p, `{"connectors": null, "limit": null, "otp": null}`); err != nil {
		t.Fatal(err)
	}
	if next.Connectors.GenericSMSGateway != nil || len(next.Limits) > 0 || next.OTP != policy.Default().OTP {
		t.Errorf("null is no default: %+v", next)
	}
	text, err := json.Marshal(next)
	if err != nil || strings.Contains(string(text), "canary") {
		t.Errorf("%v: %s", err, text)
	}
	for _, bad := range []string{`{"otp": {"length": 6}}`, `{"otp": 6}`, `{"journal": "x"}`, `{"limit": {}}`, `{"inactivity_time": 3}`} {
		if _, err := patch(t, p, bad); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
