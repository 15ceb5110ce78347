package emulator_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

// change starts a phone update by link.
func (b *bench) change(bearer descope.Bearer, login, phone string, o descope.UpdateOptions) reply {
	b.t.Helper()
	return b.post(descope.Path(descope.PathMagicLinkUpdatePhone, descope.MethodSMS), bearer,
		descope.UpdatePhoneRequest{Identity: identity(login), Phone: phone, UpdateOptions: o})
}

func TestF11N17N18UpdateWaitsForItsProof(t *testing.T) {
	t.Parallel()
	sms, email := descope.MethodSMS, descope.MethodEmail
	tests := []struct {
		name, path, purpose, contact string
		body                         any
		verify                       descope.Method // empty for a link
	}{
		{"link sms", descope.Path(descope.PathMagicLinkUpdatePhone, sms), "update_phone", newPhone, descope.UpdatePhoneRequest{Phone: "+1 555 555 0199"}, ""},
		{"link whatsapp", descope.Path(descope.PathMagicLinkUpdatePhone, descope.MethodWhatsApp), "update_phone", newPhone, descope.UpdatePhoneRequest{Phone: newPhone}, ""},
		{"link email", descope.PathMagicLinkUpdateEmail, "update_email", "new@example.test", descope.UpdateEmailRequest{Email: "New@Example.test"}, ""},
		{"code sms", descope.Path(descope.PathOTPUpdatePhone, sms), "update_phone", newPhone, descope.UpdatePhoneRequest{Phone: newPhone}, sms},
		{"code voice", descope.Path(descope.PathOTPUpdatePhone, descope.MethodVoice), "update_phone", newPhone, descope.UpdatePhoneRequest{Phone: newPhone}, descope.MethodVoice},
		{"code im", descope.Path(descope.PathOTPUpdatePhone, descope.MethodIM), "update_phone", newPhone, descope.UpdatePhoneRequest{Phone: newPhone}, descope.MethodWhatsApp},
		{"code email", descope.PathOTPUpdateEmail, "update_email", "new@example.test", descope.UpdateEmailRequest{Email: "new@example.test"}, email},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			before := b.signUp(alice)
			body := withLogin(tt.body, alice)

			b.post(tt.path, b.public(), body).refused(t, 401, descope.CodeMissingArguments, "refresh")
			b.post(tt.path, b.as(before.SessionJWT), body).refused(t, 401, descope.CodeInvalidArguments, "refresh")
			b.post(tt.path, b.manager(), body).refused(t, 401, descope.CodeInvalidArguments)
			b.quiet("")

			var told descope.MaskedResponse
			b.post(tt.path, b.as(before.RefreshJWT), body).into(t, &told)
			if tt.purpose == "update_phone" && (!strings.HasSuffix(told.MaskedPhone, newPhone[len(newPhone)-2:]) || shown(told.MaskedPhone) > 4) {
				t.Errorf("the answer tells of %s, want a mask of %s", told.MaskedPhone, newPhone)
			}
			b.quiet(alice)
			message := b.take(tt.contact)
			if message.Purpose != tt.purpose {
				t.Errorf("purpose %s, want %s", message.Purpose, tt.purpose)
			}
			if me := b.me(before.RefreshJWT); me.Phone != alice || me.Email != "" {
				t.Errorf("changed before the proof: %+v", me)
			}
			var after descope.AuthResponse
			if tt.verify == "" {
				after = b.redeem(message.token(t))
			} else {
				b.verifyCode(tt.verify, alice, message.Code).into(t, &after)
			}
			u := after.User
			if u.UserID != before.User.UserID || after.RefreshJWT == "" {
				t.Errorf("verify answered for %s, want %s", u.UserID, before.User.UserID)
			}
			if tt.purpose == "update_phone" && (u.Phone != newPhone || !u.VerifiedPhone) ||
				tt.purpose == "update_email" && (u.Email != tt.contact || !u.VerifiedEmail || u.Phone != alice) {
				t.Errorf("after the proof: %+v", u)
			}
			if diff := cmp.Diff(u.LoginIDs, []string{alice}); diff != "" {
				t.Errorf("login IDs changed without addToLoginIDs (-got +want):\n%s", diff)
			}
		})
	}
}

func withLogin(body any, login string) any {
	switch r := body.(type) {
	case descope.UpdatePhoneRequest:
		r.Identity = identity(login)
		return r
	case descope.UpdateEmailRequest:
		r.Identity = identity(login)
		return r
	}
	return body
}

func TestN19N21UpdateRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a, other := b.signUp(alice), b.signUp(bob)
	me, before := b.as(a.RefreshJWT), b.me(other.RefreshJWT)
	b.change(me, bob, newPhone, descope.UpdateOptions{}).refused(t, 400, descope.CodeInvalidArguments, "loginId")
	b.unchanged(bob, before)
	b.change(me, "", newPhone, descope.UpdateOptions{}).refused(t, 400, descope.CodeInvalidRequest, "loginId")
	for _, phone := range []string{
		"", "123", "+1", "+1234567", "+1234567890123456", "+12345678901234567890123", "+1555abc5555", "+1555555019\u0669",
		"+15555550199;ext=1", "+15555550199,+15555550198", "+15555550199\n+15555550198", "00015555550199", "+05555550199", "15555550199",
	} {
		b.change(me, alice, phone, descope.UpdateOptions{}).refused(t, 400, descope.CodeInvalidRequest, "phone")
	}
	b.post(descope.PathMagicLinkUpdateEmail, me, descope.UpdateEmailRequest{Identity: identity(alice), Email: "no address"}).
		refused(t, 400, descope.CodeInvalidRequest, "email")
	b.quiet("")
}

func TestF13C01UpdateWithoutLoginID(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.signUp(alice)
	b.change(b.as(a.RefreshJWT), alice, newPhone, descope.UpdateOptions{})
	b.redeem(b.take(newPhone).token(t))

	path := descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS)
	b.post(path, b.public(), descope.SignInRequest{Identity: identity(newPhone)}).refused(t, 400, descope.CodeUserNotFound)
	if r := b.post(path, b.public(), descope.SignInRequest{Identity: identity(alice)}); r.status != 200 {
		t.Fatalf("sign in by the old login ID: %s", r.text)
	}
	b.quiet(alice)
	if got := b.redeem(b.take(newPhone).token(t)).User.UserID; got != a.User.UserID {
		t.Errorf("user %s, want %s", got, a.User.UserID)
	}
}

func TestF14UpdateAddsLoginID(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.signUp(alice)
	b.change(b.as(a.RefreshJWT), alice, newPhone, descope.UpdateOptions{AddToLoginIDs: true})
	if diff := cmp.Diff(b.me(a.RefreshJWT).LoginIDs, []string{alice}); diff != "" {
		t.Errorf("before the proof (-got +want):\n%s", diff)
	}
	after := b.redeem(b.take(newPhone).token(t))
	if diff := cmp.Diff(after.User.LoginIDs, []string{alice, newPhone}); diff != "" {
		t.Errorf("login IDs (-got +want):\n%s", diff)
	}
	if got := b.signUp(newPhone).User.UserID; got != a.User.UserID {
		t.Errorf("sign in by the new login ID: user %s, want %s", got, a.User.UserID)
	}
}

func TestF15MergeKeepsTheUpdatingUser(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a, other := b.signUp(alice), b.signUp(bob)
	b.change(b.as(a.RefreshJWT), alice, bob, descope.UpdateOptions{AddToLoginIDs: true})
	after := b.redeem(b.take(bob).token(t))
	if after.User.UserID != a.User.UserID || after.User.Phone != bob {
		t.Errorf("survivor %+v", after.User)
	}
	if diff := cmp.Diff(after.User.LoginIDs, []string{alice, bob}); diff != "" {
		t.Errorf("login IDs (-got +want):\n%s", diff)
	}
	b.get(descope.PathMe, b.as(other.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.get(descope.PathUserLoad+"?userId="+other.User.UserID, b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
	b.me(a.RefreshJWT)
}

func TestF16MergeIntoTheExistingUser(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a, other := b.signUp(alice), b.signUp(bob)
	b.change(b.as(a.RefreshJWT), alice, bob, descope.UpdateOptions{AddToLoginIDs: true, OnMergeUseExisting: true})
	after := b.redeem(b.take(bob).token(t))
	if after.User.UserID != other.User.UserID {
		t.Errorf("survivor %s, want %s", after.User.UserID, other.User.UserID)
	}
	if diff := cmp.Diff(after.User.LoginIDs, []string{bob, alice}); diff != "" {
		t.Errorf("login IDs (-got +want):\n%s", diff)
	}
	b.get(descope.PathMe, b.as(a.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.me(other.RefreshJWT)
	if got := b.me(after.RefreshJWT).UserID; got != other.User.UserID {
		t.Errorf("the tokens are of %s, want %s", got, other.User.UserID)
	}
}

func TestF17NoMergeWithoutLoginID(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a, other := b.signUp(alice), b.signUp(bob)
	b.change(b.as(a.RefreshJWT), alice, bob, descope.UpdateOptions{OnMergeUseExisting: true})
	if got := b.redeem(b.take(bob).token(t)).User; got.UserID != a.User.UserID || got.Phone != bob {
		t.Errorf("user %+v", got)
	}
	b.me(other.RefreshJWT)
}

func TestF18FailOnConflict(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.signUp(alice)
	fail := descope.UpdateOptions{AddToLoginIDs: true, FailOnConflict: true}
	if r := b.change(b.as(a.RefreshJWT), alice, bob, fail); r.status != 200 {
		t.Fatalf("update without a conflict: %s", r.text)
	}
	token := b.take(bob).token(t)
	other := b.signUp(bob) // the conflict comes up before the proof
	b.verify(token).refused(t, 409, descope.CodeUpdateConflict)
	b.change(b.as(a.RefreshJWT), alice, bob, fail).refused(t, 409, descope.CodeUpdateConflict)
	b.quiet("")
	if b.me(a.RefreshJWT).Phone != alice || b.me(other.RefreshJWT).Phone != bob {
		t.Error("a refused update changed a user")
	}
}

func TestF26UpdateMFAKeepsFactors(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.signUp(alice)
	r := b.post(descope.PathOTPUpdateEmail, b.as(a.RefreshJWT), descope.UpdateEmailRequest{
		Identity: identity(alice), Email: "a@example.test", UpdateOptions: descope.UpdateOptions{MFA: true},
	})
	if r.status != 200 {
		t.Fatal(r.text)
	}
	var auth descope.AuthResponse
	b.verifyCode(descope.MethodEmail, alice, b.take("a@example.test").Code).into(t, &auth)
	if diff := cmp.Diff(claims(t, auth.SessionJWT)["amr"], any([]any{"sms", "email", "mfa"})); diff != "" {
		t.Errorf("amr (-got +want):\n%s", diff)
	}
}

// What mfa keeps it keeps in updates by a code; one by a link opens a session of its own.
func TestF26UpdateByLinkTakesNoMFA(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	before := b.signUp(alice)
	amr := func(auth descope.AuthResponse, want string) {
		t.Helper()
		if diff := cmp.Diff(claims(t, auth.SessionJWT)["amr"], any([]any{want})); diff != "" {
			t.Errorf("amr (-got +want):\n%s", diff)
		}
	}
	o := descope.UpdateOptions{MFA: true}
	if r := b.post(descope.Path(descope.PathMagicLinkUpdatePhone, descope.MethodWhatsApp), b.as(before.RefreshJWT),
		descope.UpdatePhoneRequest{Identity: identity(alice), Phone: newPhone, UpdateOptions: o}); r.status != 200 {
		t.Fatal(r.text)
	}
	amr(b.redeem(b.take(newPhone).token(t)), "whatsapp")
	mail := descope.UpdateEmailRequest{Identity: identity(alice), Email: "a@x.test", UpdateOptions: o}
	b.post(descope.PathMagicLinkUpdateEmail, b.as(before.RefreshJWT), mail)
	amr(b.redeem(b.take("a@x.test").token(t)), "email")
	asked := b.enchanted(b.post(descope.PathEnchantedLinkUpdateEmail, b.as(before.RefreshJWT), mail))
	b.click(b.take("a@x.test").token(t), "")
	amr(b.collected(asked.PendingRef), "email")
}
