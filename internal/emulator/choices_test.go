package emulator_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

func (b *bench) magicLink(pattern, login string) string {
	b.t.Helper()
	b.post(descope.Path(pattern, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(login)}).into(b.t, &struct{}{})
	return b.take(login).token(b.t)
}

// The user of a sign-up is there once its message was verified, or from the send on.
func TestUserMade(t *testing.T) {
	t.Parallel()
	for _, made := range []string{policy.MadeAtVerify, policy.MadeAtSend} {
		for _, pattern := range []string{descope.PathMagicLinkSignUp, descope.PathMagicLinkSignUpOrIn, descope.PathOTPSignUp, descope.PathOTPSignUpOrIn} {
			t.Run(made+pattern, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, func(p *policy.Project) { p.Unpublished.UserMade = made })
				body := `{"loginId":"` + alice + `","user":{"name":"Alice"}}`
				send := func(pattern string) reply {
					return b.do(http.MethodPost, descope.Path(pattern, descope.MethodSMS), b.public().Header(), "application/json", body)
				}
				send(pattern).into(t, &struct{}{})
				first := b.take(alice)
				again := send(descope.PathOTPSignUp)
				if made == policy.MadeAtVerify {
					b.get(descope.PathUserLoad+"?loginId=%2B15555550101", b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
					again.into(t, &struct{}{})
					b.take(alice)
					return
				}
				again.refused(t, 400, descope.CodeUserExists)
				u := b.load(alice)
				if u.Status != descope.StatusInvited || u.Phone != alice || u.VerifiedPhone || strings.HasSuffix(pattern, "signup/%s") && u.Name != "Alice" {
					t.Errorf("user at the send: %+v", u)
				}
				b.sendCode(alice) // who exists may sign in
				b.take(alice)
				var auth descope.AuthResponse
				if first.Code != "" {
					b.verifyCode(descope.MethodSMS, alice, b.code(alice)).into(t, &auth)
				} else {
					auth = b.redeem(first.token(t))
				}
				if auth.User.UserID != u.UserID || !auth.User.VerifiedPhone || auth.User.Status != descope.StatusEnabled || !auth.FirstSeen {
					t.Errorf("user at the verification: %+v", auth)
				}
				created := 0
				for _, line := range b.trail(`{}`) {
					if strings.HasPrefix(line, "UserCreated") {
						created++
					}
				}
				if created != 1 {
					t.Errorf("%d users were created: %v", created, b.trail(`{}`))
				}
			})
		}
	}
}

// An embedded sign-up makes its user then too.
func TestUserMadeByAnEmbeddedLink(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.Unpublished.UserMade = policy.MadeAtSend })
	var link descope.EmbeddedLinkResponse
	b.post(descope.PathEmbeddedLinkSignUp, b.manager(), map[string]any{"loginId": alice, "phoneVerified": true}).into(t, &link)
	if u := b.load(alice); u.Status != descope.StatusInvited {
		t.Errorf("before: %+v", u)
	}
	if auth := b.redeem(link.Token); auth.User.Status != descope.StatusEnabled || !auth.User.VerifiedPhone {
		t.Errorf("after: %+v", auth.User)
	}
}

// The digits of a code are those that the policy asks for.
func TestDigits(t *testing.T) {
	t.Parallel()
	for digits, form := range map[int]string{4: `^[0-9]{4}$`, 6: `^[0-9]{6}$`, 10: `^[0-9]{10}$`} {
		b := newBench(t, func(p *policy.Project) { p.OTP.Digits = digits })
		b.signUp(alice)
		code := b.code(alice)
		if !regexp.MustCompile(form).MatchString(code) {
			t.Errorf("%d digits: code %q", digits, code)
		}
		b.verifyCode(descope.MethodSMS, alice, code).into(t, &struct{}{})
	}
}

// What a send answers is masked as the policy has it.
func TestMaskedAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		change func(*policy.Unpublished)
		phone  string
		email  string
	}{
		{func(*policy.Unpublished) {}, "********0101", "a****@x.test"},
		{func(u *policy.Unpublished) {
			u.MaskPhoneStart, u.MaskPhoneEnd, u.MaskPhoneStars, u.MaskEmailStart, u.MaskEmailStars = 2, 3, 3, 2, 0
		}, "+1***101", "al***@x.test"},
	} {
		b := newBench(t, func(p *policy.Project) { tt.change(&p.Unpublished) })
		for login, want := range map[string]string{alice: tt.phone, "alice@x.test": tt.email} {
			m := descope.MethodSMS
			if strings.Contains(login, "@") {
				m = descope.MethodEmail
			}
			var out descope.MaskedResponse
			b.post(descope.Path(descope.PathOTPSignUpOrIn, m), b.public(), descope.SignInRequest{Identity: identity(login)}).into(t, &out)
			if got := out.MaskedPhone + out.MaskedEmail; got != want {
				t.Errorf("%s is masked as %q, want %q", login, got, want)
			}
		}
	}
}

// A field that a request does not have is passed over, or refused before anything happens.
func TestUnknownFields(t *testing.T) {
	t.Parallel()
	for _, rule := range []string{policy.FieldsIgnored, policy.FieldsRefused} {
		b := newBench(t, func(p *policy.Project) { p.Unpublished.UnknownFields = rule })
		send := func(body string) reply {
			return b.do(http.MethodPost, descope.Path(descope.PathOTPSignUpOrIn, descope.MethodSMS), b.public().Header(), "application/json", body)
		}
		for body, field := range map[string]string{
			`{"loginId":"` + alice + `","elsewhere":1}`:                                           `"elsewhere"`,
			`{"loginId":"` + alice + `","loginOptions":{"stepUp":false}}`:                         `"stepUp"`,
			`{"loginId":"` + alice + `","LoginId":"x"}`:                                           `"LoginId"`,
			`{"loginId":"` + alice + `","` + strings.Repeat("x", 100) + `":1}`:                    "holds a field",
			`{"loginId":"` + alice + `","loginOptions":{"customClaims":{"any":1},"locale":"de"}}`: "",
			`{"loginId":"` + alice + `","loginOptions":{"templateOptions":{"any":"x"}}}`:          "",
			`{"loginId":"` + alice + `","providerId":null,"identifier":"","loginOptions":{}}`:     "",
			`{"loginId":"` + alice + `","crossDevice":true}`:                                      "",
		} {
			r := send(body)
			if rule == policy.FieldsIgnored || field == "" {
				r.into(t, &struct{}{})
				b.take(alice)
				continue
			}
			r.refused(t, 400, descope.CodeInvalidRequest, strings.ReplaceAll(field, `"`, `\"`))
			b.quiet(alice)
		}
	}
}

// A provider that the project does not know is refused at every send.
func TestProviders(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.Unpublished.Providers = []string{"twilio", "ses"} })
	tokens := b.signUp(alice)
	bodies := map[string]descope.Bearer{
		descope.Path(descope.PathOTPSignUp, descope.MethodSMS):            b.public(),
		descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS):  b.public(),
		descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS):       b.as(tokens.RefreshJWT),
		descope.Path(descope.PathMagicLinkUpdatePhone, descope.MethodSMS): b.as(tokens.RefreshJWT),
	}
	for path, bearer := range bodies {
		login := bob
		if bearer.JWT != "" {
			login = alice
		}
		body := `{"loginId":"` + login + `","phone":"` + newPhone + `","providerId":"`
		b.do(http.MethodPost, path, bearer.Header(), "application/json", body+`other"}`).refused(t, 400, descope.CodeInvalidArguments, "providerId")
		b.quiet("")
		b.do(http.MethodPost, path, bearer.Header(), "application/json", body+`twilio"}`).into(t, &struct{}{})
		b.do(http.MethodPost, path, bearer.Header(), "application/json", body+`"}`).into(t, &struct{}{})
		b.read(b.messages("")...)
	}
	free := newBench(t)
	free.do(http.MethodPost, descope.Path(descope.PathOTPSignUp, descope.MethodSMS), free.public().Header(), "application/json",
		`{"loginId":"`+alice+`","providerId":"any"}`).into(t, &struct{}{})
}

// A logout ends no message under way, those of updates, or all.
func TestLogoutEndsMessages(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"logout", "logoutall", "management"} {
		for _, ends := range []string{policy.EndsNone, policy.EndsUpdates, policy.EndsAll} {
			t.Run(how+" "+ends, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, func(p *policy.Project) { p.Unpublished.LogoutEnds = ends })
				tokens := b.signUp(alice)
				bobs := b.signUp(bob)
				others := b.changeTo(bobs, bob, "+15555550133", descope.UpdateOptions{})
				update := b.changeTo(tokens, alice, newPhone, descope.UpdateOptions{})
				b.post(descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS), b.as(tokens.RefreshJWT),
					descope.UpdatePhoneRequest{Identity: identity(alice), Phone: newPhone}).into(t, &struct{}{})
				updateCode := b.take(newPhone).Code
				signIn, code := b.magicLink(descope.PathMagicLinkSignIn, alice), b.code(alice)
				switch how {
				case "logout":
					b.post(descope.PathLogout, b.as(tokens.RefreshJWT), struct{}{}).into(t, &struct{}{})
				case "logoutall":
					b.post(descope.PathLogoutAll, b.as(tokens.RefreshJWT), struct{}{}).into(t, &struct{}{})
				default:
					b.manage(http.MethodPost, descope.PathUserLogout, `{"loginId":"`+alice+`"}`).into(t, &struct{}{})
				}
				good := func(r reply, want bool) {
					t.Helper()
					if (r.status == 200) != want {
						t.Errorf("%d %s, want success %v", r.status, r.text, want)
					}
				}
				good(b.verify(signIn), ends != policy.EndsAll)
				good(b.verifyCode(descope.MethodSMS, alice, code), ends != policy.EndsAll)
				good(b.verify(update), ends == policy.EndsNone)
				good(b.verifyCode(descope.MethodSMS, alice, updateCode), ends == policy.EndsNone)
				good(b.verify(others), true)
			})
		}
	}
}

// Of two fields of one name the last counts, or the body is refused.
func TestDuplicateFields(t *testing.T) {
	t.Parallel()
	for _, rule := range []string{policy.FieldsRefused, policy.FieldsLast} {
		b := newBench(t, func(p *policy.Project) { p.Unpublished.DuplicateFields = rule })
		for _, body := range []string{
			`{"loginId":"` + bob + `","loginId":"` + alice + `"}`,
			`{"loginId":"` + bob + `","loginOptions":{"locale":"de"},"login\u0049d":"` + alice + `"}`,
		} {
			r := b.do(http.MethodPost, descope.Path(descope.PathOTPSignUpOrIn, descope.MethodSMS), b.public().Header(), "application/json", body)
			if rule == policy.FieldsRefused {
				r.refused(t, 400, descope.CodeBadRequest)
				b.quiet("")
				continue
			}
			r.into(t, &struct{}{})
			b.take(alice)
			b.quiet("")
		}
	}
}

// Where the last counts nothing is left of the earlier ones, however deep.
func TestLastFieldAlone(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.Unpublished.DuplicateFields = policy.FieldsLast })
	u := b.changed(b.manage(http.MethodPost, descope.PathUserCreate, `{"loginId":"l","name":"n","name":null,
		"userTenants":[{"tenantId":"A","roleNames":["admin"]}],"userTenants":[{"tenantId":"B","tenantId":"C"}],
		"customAttributes":{"a":1},"customAttributes":{"b":{"x":1},"b":{"y":2}}}`))
	if len(u.UserTenants) != 1 || u.UserTenants[0].TenantID != "C" || len(u.UserTenants[0].RoleNames) != 0 {
		t.Errorf("tenants %+v", u.UserTenants)
	}
	if u.Name != "" {
		t.Errorf("name %q", u.Name)
	}
	if got, err := json.Marshal(u.CustomAttributes); err != nil || string(got) != `{"b":{"y":2}}` {
		t.Errorf("attributes %s, %v", got, err)
	}
}
