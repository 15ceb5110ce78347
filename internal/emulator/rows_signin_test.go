package emulator_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// F03: a sign-up or in of somebody new makes a user when the link is redeemed, not before.
func TestF03SignUpOrInOfANewUser(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	token := b.link(alice)
	b.get(descope.PathUserLoad+"?loginId="+url.QueryEscape(alice), b.manager()).refused(t, 404, descope.CodeMgmtUserNotFound)
	if all := b.everyUser(); len(all) != 0 {
		t.Errorf("users before the proof: %+v", all)
	}
	auth := b.redeem(token)
	if u := auth.User; !auth.FirstSeen || auth.SessionJWT == "" || auth.RefreshJWT == "" || u.Phone != alice || !u.VerifiedPhone || !slices.Equal(u.LoginIDs, []string{alice}) {
		t.Errorf("verify: %+v of %+v", auth, u)
	}
	b.unchanged(alice, *auth.User)
}

// F04: a sign-up or in of a user signs in, however often.
func TestF04SignUpOrInOfAUser(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(alice)
	for range 2 {
		if again := b.signUp(alice); again.User.UserID != first.User.UserID || again.FirstSeen {
			t.Errorf("user %s, first seen %v, want %s as before", again.User.UserID, again.FirstSeen, first.User.UserID)
		}
	}
	if all := b.everyUser(); len(all) != 1 {
		t.Errorf("%d users, want 1", len(all))
	}
}

// F38: every way to write a number is that number, from the shortest to the longest.
func TestF38FormsOfANumber(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for number, forms := range map[string][]string{
		alice:              {"+1-555-555-0101", "+1 (555) 555.0101", " +1 5555550101 ", "+1.555.555.0101", "0015555550101", "00 1 (555) 555-0101"},
		"+12345678":        {"+1 234 56 78"},
		"+123456789012345": {"+123 (456) 789-012-345"},
	} {
		user := b.signUp(number).User
		for _, form := range forms {
			path := descope.Path(descope.PathOTPSignIn, descope.MethodSMS)
			if r := b.post(path, b.public(), descope.SignInRequest{Identity: identity(form)}); r.status != http.StatusOK {
				t.Errorf("%q: %d %s", form, r.status, r.text)
				continue
			}
			var auth descope.AuthResponse
			b.verifyCode(descope.MethodSMS, form, b.take(number).Code).into(t, &auth)
			if auth.User.UserID != user.UserID || b.load(form).UserID != user.UserID {
				t.Errorf("%q is user %s, want %s", form, auth.User.UserID, user.UserID)
			}
		}
	}
	if all := b.everyUser(); len(all) != 3 {
		t.Errorf("%d users, want 3", len(all))
	}
	b.quiet("")
}

// F39: two devices have a session each, which are listed, and end, apart.
func TestF39TwoDevices(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tokens := []string{b.link(alice), b.link(alice)}
	one, two := b.redeem(tokens[1]), b.redeem(tokens[0])
	if one.User.UserID != two.User.UserID || one.RefreshJWT == two.RefreshJWT || claims(t, one.RefreshJWT)["sid"] == claims(t, two.RefreshJWT)["sid"] {
		t.Fatalf("sessions of %s and %s are not two of one user", one.User.UserID, two.User.UserID)
	}
	listed := func() []shownSession {
		page := b.users("")
		if len(page.Users) != 1 || page.Users[0].SessionCount != len(page.Users[0].Sessions) {
			t.Fatalf("users %+v, want one and its sessions", page.Users)
		}
		return page.Users[0].Sessions
	}
	if all := listed(); len(all) != 2 || all[0].ID == all[1].ID {
		t.Errorf("sessions %+v, want two", all)
	}
	b.post(descope.PathLogout, b.as(one.RefreshJWT), struct{}{}).into(t, &struct{}{})
	b.get(descope.PathMe, b.as(one.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	b.me(two.RefreshJWT)
	if all := listed(); len(all) != 1 {
		t.Errorf("sessions after one logout: %+v", all)
	}
}

// N21: what is no number is refused by every send, and a number that no carrier serves
// where the project says so; a number that is one gets one message.
func TestN21Numbers(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.Delivery.RejectAt = policy.RejectAtSend
		p.Delivery.Carriers = []policy.Carrier{{Prefix: "+1900", Reject: policy.RejectNoGeo}, {Prefix: "+999", Reject: policy.RejectCannotRoute}}
	})
	bad := map[string]string{"+1 900 555 0101": descope.CodeUndeliverable, "+99955550101": descope.CodeUndeliverable}
	for _, phone := range []string{
		"123", "+1", "+1234567", "+1234567890123456", "+1234567890123456789012345", "+1555abc5555", "+1555555019\u0669", "+1555555019\uff19",
		"+15555550199;ext=1", "+15555550199x5", "+15555550199,+15555550198", "+15555550199\n+15555550198", "00015555550199", "+0015555550199", "05555550199", "001", "0015555550199x5", "+05555550199", "tel:+15555550199",
	} {
		bad[phone] = descope.CodeInvalidRequest
	}
	for phone, code := range bad {
		for _, pattern := range []string{descope.PathMagicLinkSignUp, descope.PathOTPSignUp} {
			for _, m := range []descope.Method{descope.MethodSMS, descope.MethodWhatsApp} {
				if code == descope.CodeUndeliverable && m != descope.MethodSMS {
					continue // of another carrier
				}
				b.post(descope.Path(pattern, m), b.public(), descope.SignUpRequest{Identity: identity("ann"), Phone: phone}).refused(t, 400, code)
			}
		}
		for _, pattern := range []string{descope.PathMagicLinkSignUpOrIn, descope.PathOTPSignUpOrIn} {
			b.post(descope.Path(pattern, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(phone)}).refused(t, 400, code)
		}
	}
	if sent := b.outbox("all", ""); len(sent) != 0 {
		t.Errorf("messages of refused sends: %+v", sent)
	}
	b.requestCode("+1 (555) 555-0101").into(t, &struct{}{})
	if sent := b.outbox("all", ""); len(sent) != 1 || !strings.HasPrefix(sent[0].Recipient, alice) {
		t.Errorf("messages %+v, want one for %s", sent, alice)
	}
}
