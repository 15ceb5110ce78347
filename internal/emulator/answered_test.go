package emulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// The names that a policy may hold are those of the table of refusals.
func TestAnswerableConditions(t *testing.T) {
	t.Parallel()
	want := []policy.Condition{}
	names := map[string]bool{}
	for _, c := range descope.Conditions() {
		if names[c.String()] || c.String() == "" {
			t.Errorf("condition %d: the name %q is not its own", c, c)
		}
		names[c.String()] = true
		if c.Answerable() {
			want = append(want, policy.Condition{Name: c.String(), CodeKnown: c.Failure().Evidence == descope.Confirmed})
		}
	}
	got := policy.Conditions()
	for i := range got {
		if got[i].When == "" {
			t.Errorf("nothing says when %s is", got[i].Name)
		}
		got[i].When = ""
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("conditions of policies (-got +want):\n%s", diff)
	}
}

func TestAnswersOfAProject(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.Answers = []policy.Answer{
			{Condition: "bad_redirect", Status: 403, Code: "E999001", Message: "Not there"},
			{Condition: "wrong_otp", Status: 400},
			{Condition: "no_refresh_jwt", Message: "Who are you"},
			{Condition: "mgmt_user_exists", Status: 409, Code: "E999002"},
			{Condition: "send_limited", Status: 420},
		}
		p.RateLimit = policy.RateLimitCustom
		p.Limits = []policy.Limit{{Name: "r", By: policy.ByRecipient, Requests: 1, Window: policy.Duration(time.Hour)}}
	})
	send := descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS)
	b.do(http.MethodPost, send, b.public().Header(), "application/json", `{"loginId":"`+alice+`","URI":"ftp://x"}`).refused(t, 403, "E999001", `"message":"Not there"`)
	b.verifyCode(descope.MethodSMS, alice, "000000").refused(t, 400, "E061102", "invalid")
	b.get(descope.PathMe, b.public()).refused(t, 401, "E011002", "who are you")
	b.create(descope.CreateUserRequest{Identity: identity("bob")})
	b.manage(http.MethodPost, descope.PathUserCreate, `{"loginId":"bob"}`).refused(t, 409, "E999002", "exists")
	var batch descope.UsersBatchResponse
	b.manage(http.MethodPost, descope.PathUserCreateBatch, `{"users":[{"loginId":"bob"}]}`).into(t, &batch)
	if got, want := batch.FailedUsers[0].Failure, "[E999002] The user already exists"; got != want {
		t.Errorf("failure %q, want %q", got, want)
	}
	b.signUp(alice)
	r := b.do(http.MethodPost, send, b.public().Header(), "application/json", `{"loginId":"`+alice+`"}`)
	if r.status != 420 || r.header.Get("Retry-After") == "" {
		t.Errorf("too many messages: %d, Retry-After %q: %s", r.status, r.header.Get("Retry-After"), r.text)
	}
	// What is published, and what is said of the emulator itself, stays.
	b.get(descope.PathUserLoad+"?loginId=nobody", b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
	b.do(http.MethodGet, send, b.public().Header(), "", "").refused(t, 405, descope.CodeWrongVerb)
}

// A published code can not be replaced, nor what is wholly published.
func TestPublishedAnswersStay(t *testing.T) {
	t.Parallel()
	for _, a := range []policy.Answer{
		{Condition: "mgmt_user_not_found", Status: 400}, {Condition: "rate_limited", Status: 503}, {Condition: "not_emulated", Status: 404},
		{Condition: "wrong_otp", Code: "E1"}, {Condition: "bad_request", Code: "E1"}, {Condition: "bad_redirect", Status: 200}, {Condition: "bad_redirect"}, {Condition: ""},
	} {
		p := policy.Default()
		p.Answers = []policy.Answer{a}
		if len(p.Validate()) != 1 {
			t.Errorf("%+v: %v, want one problem", a, p.Validate())
		}
	}
}
