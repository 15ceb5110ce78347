package emulator_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// signedInAgain is another session of a user.
func (b *bench) signedInAgain(login string) descope.AuthResponse {
	b.t.Helper()
	return b.redeem(b.magicLink(descope.PathMagicLinkSignIn, login))
}

// The verification of an update answers with tokens always, to the user who asked alone, or
// never. Whatever it answers, the address is the user's.
func TestUpdateTokens(t *testing.T) {
	t.Parallel()
	existing := descope.UpdateOptions{AddToLoginIDs: true, OnMergeUseExisting: true}
	for _, tt := range []struct {
		rule         string
		plain, merge bool // whether tokens are answered
	}{{policy.TokensAlways, true, true}, {policy.TokensSameUser, true, false}, {policy.TokensNever, false, false}} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(p *policy.Project) { p.Unpublished.UpdateTokens = tt.rule })
			tokens, bobs := b.signUp(alice), b.signUp(bob)
			after := b.redeem(b.changeTo(tokens, alice, newPhone, descope.UpdateOptions{}))
			if got := after.RefreshJWT != "" && after.SessionJWT != ""; got != tt.plain || after.User.Phone != newPhone {
				t.Errorf("update: tokens %v, want %v: %+v", got, tt.plain, after)
			}
			if me := b.me(tokens.RefreshJWT); me.Phone != newPhone {
				t.Errorf("the session that asked: %+v", me)
			}
			var byCode descope.AuthResponse
			b.post(descope.Path(descope.PathOTPUpdatePhone, descope.MethodVoice), b.as(tokens.RefreshJWT),
				descope.UpdatePhoneRequest{Identity: identity(alice), Phone: "+15555550144"}).into(t, &struct{}{})
			b.verifyCode(descope.MethodVoice, alice, b.take("+15555550144").Code).into(t, &byCode)
			if (byCode.SessionJWT != "") != tt.plain {
				t.Errorf("update by a code: %+v", byCode)
			}
			merged := b.redeem(b.changeTo(tokens, alice, bob, existing))
			if got := merged.RefreshJWT != ""; got != tt.merge || merged.User.UserID != bobs.User.UserID {
				t.Errorf("merge: tokens %v, want %v: %+v", got, tt.merge, merged)
			}
			b.get(descope.PathMe, b.as(tokens.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
			b.me(bobs.RefreshJWT)
		})
	}
}

// Nothing is handed over in cookies either, and who waits for the session of an enchanted
// link learns that there is none.
func TestUpdateWithoutTokensElsewhere(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.Unpublished.UpdateTokens = policy.TokensNever
		p.SessionTokenResponseMethod, p.RefreshTokenResponseMethod = policy.Cookies, policy.ResponseBody
	})
	tokens := b.mailUser(alicesMail)
	token := b.changeTo(tokens, alicesMail, newPhone, descope.UpdateOptions{})
	if r := b.verify(token); r.status != 200 || len(r.header.Values("Set-Cookie")) > 0 {
		t.Errorf("%d %v %s", r.status, r.header.Values("Set-Cookie"), r.text)
	}
	asked := b.enchanted(b.post(descope.PathEnchantedLinkUpdateEmail, b.as(tokens.RefreshJWT),
		descope.UpdateEmailRequest{Identity: identity(alicesMail), Email: "new@x.test"}))
	if r := b.click(b.take("new@x.test").token(t), ""); r.text != "{}" {
		t.Errorf("click: %d %s", r.status, r.text)
	}
	b.poll(asked.PendingRef).refused(t, 401, descope.CodeLinkUnknown)
	if me := b.me(tokens.RefreshJWT); me.Email != "new@x.test" {
		t.Errorf("after: %+v", me)
	}
}

// The address that an update has replaced is told, if the policy has it so; test users and
// an address that stays are told nothing.
func TestUpdateNotifies(t *testing.T) {
	t.Parallel()
	for _, notifies := range []bool{false, true} {
		b := newBench(t, func(p *policy.Project) { p.Unpublished.UpdateNotifies = notifies })
		tokens := b.signUp(alice)
		b.redeem(b.changeTo(tokens, alice, newPhone, descope.UpdateOptions{}))
		if !notifies {
			b.quiet("")
			continue
		}
		notice := b.take(alice)
		if notice.Purpose != "phone_changed" || notice.Channel != "sms" || notice.Code+notice.Link != "" || notice.Body == "" {
			t.Errorf("notice %+v", notice)
		}
		b.redeem(b.changeTo(tokens, alice, newPhone, descope.UpdateOptions{})) // it has that one already
		b.quiet("")
		// The first mail address replaces nothing; the second does.
		for _, email := range []string{alicesMail, "new@x.test"} {
			b.post(descope.PathMagicLinkUpdateEmail, b.as(tokens.RefreshJWT),
				descope.UpdateEmailRequest{Identity: identity(alice), Email: email}).into(t, &struct{}{})
			b.redeem(b.take(email).token(t))
		}
		if notice := b.take(alicesMail); notice.Purpose != "email_changed" || notice.Subject == "" || notice.Channel != "email" {
			t.Errorf("notice %+v", notice)
		}
	}
}

// A notice tells in its answer where the inbox stood before it, as every message does.
func TestNoticeIsMarked(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.Unpublished.UpdateNotifies = true })
	token := b.changeTo(b.signUp(alice), alice, newPhone, descope.UpdateOptions{})
	mark := b.markOf(b.verify(token))
	if got := b.numbers()[alice]; got != mark+1 {
		t.Errorf("the notice is number %d, marked %d", got, mark)
	}
}

// A verified update ends the other sessions, if the policy has it so, but not the one that
// asked for it.
func TestUpdateRevokesSessions(t *testing.T) {
	t.Parallel()
	for _, revokes := range []bool{false, true} {
		b := newBench(t, func(p *policy.Project) { p.Unpublished.UpdateRevokesSessions = revokes })
		asking := b.signUp(alice)
		other := b.signedInAgain(alice)
		after := b.redeem(b.changeTo(asking, alice, newPhone, descope.UpdateOptions{}))
		b.me(asking.RefreshJWT)
		b.me(after.RefreshJWT)
		if r := b.get(descope.PathMe, b.as(other.RefreshJWT)); revokes {
			r.refused(t, 401, descope.CodeLoggedOut)
		} else {
			r.into(t, &struct{}{})
		}
	}
}

// A request to update ends the links and codes of earlier ones of its kind, on every
// channel, if the policy has it so.
func TestUpdateEndsOlder(t *testing.T) {
	t.Parallel()
	for _, ends := range []bool{false, true} {
		b := newBench(t, func(p *policy.Project) { p.Unpublished.UpdateEndsOlder = ends })
		tokens := b.signUp(alice)
		older := b.changeTo(tokens, alice, newPhone, descope.UpdateOptions{})
		b.post(descope.Path(descope.PathOTPUpdatePhone, descope.MethodVoice), b.as(tokens.RefreshJWT),
			descope.UpdatePhoneRequest{Identity: identity(alice), Phone: newPhone}).into(t, &struct{}{})
		code := b.take(newPhone).Code
		b.post(descope.PathMagicLinkUpdateEmail, b.as(tokens.RefreshJWT),
			descope.UpdateEmailRequest{Identity: identity(alice), Email: alicesMail}).into(t, &struct{}{})
		email := b.take(alicesMail).token(t)
		signIn := b.magicLink(descope.PathMagicLinkSignIn, alice)
		newer := b.changeTo(tokens, alice, "+15555550177", descope.UpdateOptions{})
		byLink, byCode := b.verify(older), b.verifyCode(descope.MethodVoice, alice, code)
		if ends {
			byLink.refused(t, 401, descope.CodeTokenExpired)
			byCode.refused(t, 401, descope.CodeWrongOTP)
		} else {
			byLink.into(t, &struct{}{})
			byCode.into(t, &struct{}{})
		}
		b.redeem(email)
		b.redeem(signIn)
		if got := b.redeem(newer).User.Phone; got != "+15555550177" {
			t.Errorf("the newer update gave %s", got)
		}
	}
}

// The pending session of an enchanted link ends with its link.
func TestEndedEnchantedLink(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.Unpublished.LogoutEnds = policy.EndsAll })
	tokens := b.mailUser(alicesMail)
	asked := b.enchanted(b.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"`+alicesMail+`"}`))
	b.poll(asked.PendingRef).refused(t, 401, descope.CodeLinkPending)
	b.post(descope.PathLogout, b.as(tokens.RefreshJWT), struct{}{}).into(t, &struct{}{})
	b.poll(asked.PendingRef).refused(t, 401, descope.CodeLinkUnknown)
	b.click(b.take(alicesMail).token(t), "").refused(t, 401, descope.CodeTokenExpired)
}

// What an update will do to sessions survives an export.
func TestExportOfAnUpdateThatRevokes(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.Unpublished.UpdateRevokesSessions = true })
	asking := b.signUp(alice)
	other := b.signedInAgain(alice)
	token := b.changeTo(asking, alice, newPhone, descope.UpdateOptions{})
	o := b.again(7)
	var stories [2][]string
	for i, x := range []*bench{b, o} {
		for _, r := range []reply{x.verify(token), x.get(descope.PathMe, x.as(asking.RefreshJWT)), x.get(descope.PathMe, x.as(other.RefreshJWT))} {
			stories[i] = append(stories[i], r.text)
		}
	}
	if diff := cmp.Diff(stories[1], stories[0]); diff != "" {
		t.Errorf("the two differ (-imported +exported):\n%s", diff)
	}
}

// An update whose session has ended still ends the others, here and where it was imported.
func TestUpdateRevokesWithoutItsSession(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.Unpublished.UpdateRevokesSessions = true })
	asking := b.signUp(alice)
	other := b.signedInAgain(alice)
	token := b.changeTo(asking, alice, newPhone, descope.UpdateOptions{})
	b.post(descope.PathLogout, b.as(asking.RefreshJWT), struct{}{}).into(t, &struct{}{})
	b.patch(`{"unpublished":{"update_revokes_sessions":false}}`) // the update keeps its terms
	for _, x := range []*bench{b.again(7), b} {
		x.redeem(token)
		x.get(descope.PathMe, x.as(other.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
	}
}
