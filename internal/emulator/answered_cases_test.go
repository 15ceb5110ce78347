package emulator_test

import (
	"net/http"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// Each of what nobody has published can be answered apart from its neighbours.
func TestAnswersApart(t *testing.T) {
	t.Parallel()
	names := []string{
		"empty_token", "empty_code", "invalid_phone", "invalid_email", "no_bearer", "unknown_project", "no_otp", "unknown_login_id",
		"token_expired", "user_not_found", "logged_out", "test_user_limit", "bad_refresh_jwt", "no_refresh_jwt", "wrong_management_key",
		"not_your_login_id", "not_a_test_user", "invalid_argument",
	}
	b := newBench(t, func(p *policy.Project) {
		for i, name := range names {
			p.Answers = append(p.Answers, policy.Answer{Condition: name, Status: 450 + i, Code: "E_" + name})
		}
		p.TestUsersLimit = 0
	})
	tokens := b.signUp(alice)
	gone := b.signUp(bob)
	b.post(descope.PathLogout, b.as(gone.RefreshJWT), struct{}{})
	send := func(pattern string, m descope.Method, login string) reply {
		return b.post(descope.Path(pattern, m), b.public(), descope.SignInRequest{Identity: identity(login)})
	}
	nobody := descope.Bearer{Project: "Pnobody"}
	answers := map[string]reply{
		"empty_token":      b.verify(""),
		"empty_code":       b.verifyCode(descope.MethodSMS, alice, ""),
		"invalid_phone":    send(descope.PathOTPSignUpOrIn, descope.MethodSMS, "123"),
		"invalid_email":    send(descope.PathOTPSignUpOrIn, descope.MethodEmail, "x"),
		"no_bearer":        b.do(http.MethodGet, descope.PathMe, "", "", ""),
		"unknown_project":  b.get(descope.PathMe, nobody),
		"no_otp":           b.verifyCode(descope.MethodSMS, alice, "123456"),
		"unknown_login_id": b.verifyCode(descope.MethodSMS, newPhone, "123456"),
		"token_expired":    b.verify("x"),
		"user_not_found":   send(descope.PathOTPSignIn, descope.MethodSMS, newPhone),
		"logged_out":       b.get(descope.PathMe, b.as(gone.RefreshJWT)),
		"test_user_limit":  b.post(descope.PathTestUserCreate, b.manager(), descope.CreateUserRequest{Identity: identity("t")}),
		"bad_refresh_jwt":  b.get(descope.PathMe, b.as("a.b.c")),
		"no_refresh_jwt":   b.get(descope.PathMe, b.public()),
		"wrong_management_key": b.get(descope.PathUserLoad+"?loginId=x",
			descope.Bearer{Project: b.project.ID, Key: "other"}),
		"not_your_login_id": b.post(descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS), b.as(tokens.RefreshJWT),
			descope.UpdatePhoneRequest{Identity: identity(bob), Phone: newPhone}),
		"not_a_test_user": b.post(descope.PathGenerateOTP, b.manager(), map[string]string{"loginId": alice, "deliveryMethod": "sms"}),
		"invalid_argument": b.post(descope.PathEmbeddedLinkSignIn, b.manager(),
			map[string]any{"loginId": alice, "timeout": -1}),
	}
	for i, name := range names {
		r, sent := answers[name]
		if !sent {
			t.Errorf("nothing leads to %s", name)
			continue
		}
		r.refused(t, 450+i, "E_"+name)
	}
	keys := b.do(http.MethodGet, descope.KeysPath("Pnobody"), "", "", "")
	keys.refused(t, 455, "E_unknown_project")
}

// Whoever answers a condition means its cases too, unless they have an answer of their own.
func TestAnswerOfTheGeneralCondition(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.Answers = []policy.Answer{{Condition: "wrong_otp", Status: 400}, {Condition: "no_otp", Status: 404}, {Condition: "invalid_field", Status: 422}}
	})
	b.signUp(alice)
	b.verifyCode(descope.MethodSMS, newPhone, "123456").refused(t, 400, descope.CodeWrongOTP)
	b.verifyCode(descope.MethodSMS, alice, "123456").refused(t, 404, descope.CodeWrongOTP)
	b.verify("").refused(t, 422, descope.CodeInvalidRequest, "token")
	b.send("5").refused(t, 422, descope.CodeInvalidRequest, "phone")
}

// A request that names no project is answered by the one that its header names, and by the
// only one if it names none. Among several nobody answers for it.
func TestAnswersToStrangers(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.Answers = []policy.Answer{{Condition: "no_bearer", Status: 400}}
	})
	ask := func(project string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.api.URL+descope.PathMe, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if project != "" {
			req.Header.Set(descope.ProjectHeader, project)
		}
		res, err := b.api.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	if got := ask(""); got != 400 {
		t.Errorf("the only project: %d, want 400", got)
	}
	other, err := b.emulator.CreateProject("", secret.String{}, policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	for project, want := range map[string]int{"": 401, "Pnobody": 401, other.ID: 401, b.project.ID: 400} {
		if got := ask(project); got != want {
			t.Errorf("project %q of two: %d, want %d", project, got, want)
		}
	}
}

// An address that is none is answered alike wherever it stands.
func TestInvalidAddressesOfManagement(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.Answers = []policy.Answer{{Condition: "invalid_phone", Code: "E_phone"}, {Condition: "invalid_email", Code: "E_email"}}
	})
	b.create(descope.CreateUserRequest{Identity: identity("a")})
	for body, code := range map[string]string{
		`{"loginId":"a","phone":"xx"}`: "E_phone", `{"loginId":"a","email":"xx"}`: "E_email",
		`{"loginId":"a","recoveryPhone":"xx"}`: "E_phone", `{"loginId":"a","recoveryEmail":"xx"}`: "E_email",
	} {
		b.manage(http.MethodPatch, descope.PathUserPatch, body).refused(t, 400, code)
		b.manage(http.MethodPost, descope.PathUserUpdate, body).refused(t, 400, code)
	}
}
