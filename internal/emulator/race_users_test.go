package emulator_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

var linkSignUpOrIn = descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS)

// everyUser lists all users, and checks that no login ID has two of them.
func (b *bench) everyUser() []descope.User {
	b.t.Helper()
	var found descope.SearchUsersResponse
	b.post(descope.PathUserSearch, b.manager(), descope.SearchUsersRequest{Limit: 1000}).into(b.t, &found)
	owners := map[string]string{}
	for _, u := range found.Users {
		for _, login := range u.LoginIDs {
			if owners[login] != "" {
				b.t.Errorf("%s and %s have the login ID %s", owners[login], u.UserID, login)
			}
			owners[login] = u.UserID
		}
	}
	return found.Users
}

// R05: a code that is redeemed while others are sent: an older one never works once a
// newer one was sent, and the newest always does.
func TestR05VerifyAndResend(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.OTP.Attempts = 4 * smallLanes }) // older codes are wrong guesses
	b.signUp(alice)
	c := newCrowd(t, b.emulator.Handler())
	const verifies = smallLanes / 2
	const sends = smallLanes - verifies
	send := shot{descope.Path(descope.PathOTPSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)}}
	for round := range smallRounds {
		b.sendCode(alice)
		first := b.take(alice).Code
		verify := shot{otpVerify, b.public(), descope.VerifyCodeRequest{Identity: identity(alice), Code: first}}
		answers := c.round(append(repeat(verifies, verify), repeat(sends, send)...))
		if ok, _ := tally(t, answers[:verifies]); len(ok) > 1 {
			t.Fatalf("round %d: the code was redeemed twice", round)
		}
		sent := b.messages(alice)
		if len(sent) != sends {
			t.Fatalf("round %d: %d messages, want %d", round, len(sent), sends)
		}
		newest := sent[len(sent)-1].Code
		for _, m := range sent {
			if m.Code != newest {
				b.verifyCode(descope.MethodSMS, alice, m.Code).refused(t, 401, descope.CodeWrongOTP)
			}
			b.ask(http.MethodPost, "/messages/"+m.ID+"/read")
		}
		if r := b.verifyCode(descope.MethodSMS, alice, newest); r.status != 200 {
			t.Fatalf("round %d: the newest code: %d %s", round, r.status, r.text)
		}
	}
}

// R06: at the end of a lifetime every redemption falls on one side: none is accepted at
// a time when the link was dead.
func TestR06VerifyAtTheEdge(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := newCrowd(t, b.emulator.Handler())
	lifetime := 3 * time.Minute
	for round := range smallRounds {
		end := b.clock.Now().Add(lifetime)
		var shots []shot
		for range smallLanes {
			b.post(linkSignUpOrIn, b.public(), descope.SignInRequest{Identity: identity(alice)})
			shots = append(shots, shot{descope.PathMagicLinkVerify, b.public(), descope.VerifyLinkRequest{Token: b.take(alice).token(t)}})
		}
		b.clock.advance(lifetime - time.Second)
		ok, codes := tally(t, c.round(shots, func() { b.clock.advance(time.Second) }))
		if len(ok)+codes[descope.CodeTokenExpired] != smallLanes {
			t.Fatalf("round %d: %d successes and %v", round, len(ok), codes)
		}
		for _, auth := range ok {
			if issued := int64(claims(t, auth.SessionJWT)["iat"].(float64)); issued >= end.Unix() {
				t.Fatalf("round %d: a link that ended at %d was accepted at %d", round, end.Unix(), issued)
			}
		}
	}
}

// R07 and R08: many sign up at once with one number, and redeem their links at once: one
// user comes of it, who is new once.
func TestR07R08SignUpsOfOneNumber(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := newCrowd(t, b.emulator.Handler())
	for round := range smallRounds {
		number := phoneOf(round)
		for _, a := range c.round(repeat(smallLanes, shot{linkSignUpOrIn, b.public(), descope.SignInRequest{Identity: identity(number)}})) {
			if a.status != 200 {
				t.Fatalf("round %d: sign up: %d %s", round, a.status, a.text)
			}
		}
		sent := b.messages(number)
		if len(sent) != smallLanes {
			t.Fatalf("round %d: %d messages, want %d", round, len(sent), smallLanes)
		}
		var shots []shot
		for _, m := range sent {
			shots = append(shots, shot{descope.PathMagicLinkVerify, b.public(), descope.VerifyLinkRequest{Token: m.token(t)}})
			b.ask(http.MethodPost, "/messages/"+m.ID+"/read")
		}
		ok, codes := tally(t, c.round(shots))
		firsts, ids := 0, map[string]bool{}
		for _, auth := range ok {
			ids[auth.User.UserID] = true
			if auth.FirstSeen {
				firsts++
			}
		}
		if len(ok) != smallLanes || len(ids) != 1 || firsts != 1 {
			t.Fatalf("round %d: %d successes of %d users, %d of them new, and %v", round, len(ok), len(ids), firsts, codes)
		}
	}
	if n := len(b.everyUser()); n != smallRounds {
		t.Errorf("%d users, want %d", n, smallRounds)
	}
}

// R07: of many who create one user as the management does, one succeeds.
func TestR07CreateOneUser(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := newCrowd(t, b.emulator.Handler())
	for round := range smallRounds {
		create := shot{descope.PathUserCreate, b.manager(), map[string]any{"loginId": phoneOf(round), "phone": phoneOf(round), "verifiedPhone": true}}
		one(t, round, c.round(repeat(smallLanes, create)), descope.CodeUserExists, descope.CodeCreateUserFailed)
	}
	if n := len(b.everyUser()); n != smallRounds {
		t.Errorf("%d users, want %d", n, smallRounds)
	}
}

// R15: after a user is deleted or disabled no session of theirs works, whoever signed in
// meanwhile.
func TestR15EndAndVerify(t *testing.T) {
	t.Parallel()
	status := func(s string) any { return map[string]string{"loginId": alice, "status": s} }
	for name, end := range map[string]shot{
		"delete":  {path: descope.PathUserDelete, body: descope.UserRequest{Identity: identity(alice)}},
		"disable": {path: descope.PathUserStatus, body: status(descope.StatusDisabled)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			c := newCrowd(t, b.emulator.Handler())
			end.bearer = b.manager()
			refusedWith := map[string]reply{
				"delete": {status: 401, text: descope.CodeTokenExpired}, "disable": {status: 403, text: descope.CodeDisabled},
			}[name]
			const ends = smallLanes / 2
			for range smallRounds {
				b.signUp(alice)
				var shots []shot
				for range smallLanes - 1 {
					shots = append(shots, verifyShot(b, b.link(alice)))
				}
				for i, a := range c.round(slices.Insert(shots, ends, end)) {
					switch {
					case i == ends:
						a.into(t, &struct{}{})
					case a.status == 200:
						var auth descope.AuthResponse
						a.into(t, &auth)
						if r := b.get(descope.PathMe, b.as(auth.RefreshJWT)); r.status < 400 {
							t.Fatalf("a session works: %s", r.text)
						}
					default:
						a.refused(t, refusedWith.status, refusedWith.text)
					}
				}
				if name == "disable" {
					b.post(descope.PathUserStatus, b.manager(), status(descope.StatusEnabled)).into(t, &struct{}{})
				} else if n := len(b.everyUser()); n != 0 {
					t.Fatalf("%d users are left", n)
				}
			}
		})
	}
}
