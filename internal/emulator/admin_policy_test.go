package emulator_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
)

// The admin API takes the settings by the names of the emulator block.
func TestPolicyAsJSON(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	put := func(id, policy string) reply {
		return exchange(t, b.admin, http.MethodPut, "/_ab/projects/"+id, "Bearer "+adminKey, "application/json", `{"policy":`+policy+`}`)
	}
	r := put("Pfull", `{
		"signing_alg": "ES256", "refresh_token_rotation": true, "refresh_token_reuse_interval": "10s",
		"session_token_response_method": "cookies", "session_token_cookie_policy": "lax",
		"rate_limit": "custom", "retry_after": "none", "otp": {"resend": "coexist", "attempts": 2},
		"magic_link": {"disabled": true},
		"limit": [{"name": "one", "by": "recipient", "requests": 1, "window": "1h", "routes": ["/v1/auth/*"]}],
		"user": [{"key": "alice", "phone": "`+alice+`", "verified_phone": true, "roles": ["admin"]}]}`)
	if r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.text)
	}
	var made struct {
		ID string `json:"project_id"`
	}
	if err := json.Unmarshal([]byte(r.text), &made); err != nil {
		t.Fatal(err)
	}
	b.project.ID = made.ID
	b.sendCode(alice)
	limited := b.send(alice)
	limited.refused(t, 429, descope.CodeSendLimit)
	if _, has := limited.header["Retry-After"]; has {
		t.Error("there is a Retry-After header")
	}
	b.verify("x").refused(t, 401, descope.CodeTokenExpired)

	for policy, mention := range map[string][]string{
		`{"rate_limit": "custom"}`: {"rate_limit", "needs a limit"},
		`{"limit": [{"name": "x", "by": "ip", "requests": 1, "window": "1m"}]}`:                           {"limit[0]"},
		`{"rate_limit": "custom", "limit": [{"name": "x", "by": "me"}]}`:                                  {"limit[0].by", "limit[0].requests", "limit[0].window"},
		`{"user": [{"key": "a", "phone": "` + alice + `"}, {"key": "b", "login_id": "+1 555 555 0101"}]}`: {"user[1]", "has the login ID"},
		`{"otp": {"digits": 11}}`:              {"otp.digits"},
		`{"unpublished": {"mask": "none"}}`:    {"mask"},
		`{"inactivity_time": "soon"}`:          {"duration"},
		`{"otp": {"attempts_window": "1m"}}`:   {"otp.attempts_window"},
		`{"enable_inactivity": "yes please!"}`: {"enable_inactivity"},

		`{"delivery": {"latency": {"pause": "1s"}}}`:                    {"pause"},
		`{"delivery": {"latency": "soon"}}`:                             {"soon"},
		`{"delivery": {"latency": 5}}`:                                  {"policy.delivery.latency has the wrong type, a number"},
		`{"delivery": {"latency": {"sigma": "1"}}}`:                     {"policy.delivery.latency.sigma has the wrong type, a string"},
		`{"delivery": {"carriers": []}}`:                                {"carriers"},
		`{"connectors": {"generic_sms_gateway": {"post": "http://x"}}}`: {"post"},
		`{"answer": [{"condition": "undeliverable", "status": 418}]}`:   {"condition"},
	} {
		r := put("Pbad", policy)
		if r.status != http.StatusBadRequest {
			t.Errorf("%s: %d, want 400", policy, r.status)
		}
		for _, m := range mention {
			if !strings.Contains(r.text, m) {
				t.Errorf("%s: %s does not mention %q", policy, r.text, m)
			}
		}
	}
}

// What is null is as if it were left out, and a list is never null.
func TestNullSettings(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := exchange(t, b.admin, http.MethodPut, "/_ab/projects/Pnull", "Bearer "+adminKey, "application/json", `{"policy": {
		"approved_domains": null, "rate_limit": "custom", "limit": [{"name": "a", "by": "ip", "requests": 1, "window": "1m", "routes": null}],
		"user": [{"key": "a", "phone": "`+alice+`", "status": null, "roles": null}], "answer": null, "fault": null,
		"delivery": {"carrier": null, "latency": null}, "connectors": {"generic_sms_gateway": null}}}`)
	if r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.text)
	}
	for _, path := range []string{"/policy", "/delivery"} {
		r = exchange(t, b.admin, http.MethodGet, "/_ab/projects/Pnull"+path, "Bearer "+adminKey, "", "")
		if r.status != http.StatusOK || strings.Contains(r.text, "null") {
			t.Errorf("%s: %d %s", path, r.status, r.text)
		}
	}
	r = exchange(t, b.admin, http.MethodPut, "/_ab/projects/Pnull/delivery", "Bearer "+adminKey, "application/json", `{"carrier": null, "latency": "1s"}`)
	if r.status != http.StatusOK || strings.Contains(r.text, "null") || !strings.Contains(r.text, `"value":"1s"`) {
		t.Errorf("delivery: %d %s", r.status, r.text)
	}
}
