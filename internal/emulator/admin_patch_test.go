package emulator_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// patch changes the policy of the project.
func (b *bench) patch(body string) policy.Project {
	b.t.Helper()
	var out struct{ Policy policy.Project }
	b.tell(http.MethodPatch, "/policy", body).into(b.t, &out)
	return out.Policy
}

// A patch that is refused changes nothing, and no answer shows a secret.
func TestPatchOfAPolicy(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	b := newBench(t, gatewayTo(r.URL, func(g *policy.SMSGateway) { g.HMACSecret = policy.NewSecret("canary") }))
	for body, mention := range map[string]string{
		`{"otp":{"attempts":0}}`:  "otp.attempts",
		`{"otp":{"length":6}}`:    "length",
		`{"otp":7}`:               "otp",
		`{"rate_limit":"custom"}`: "rate_limit",
		`[]`:                      "object",
		`{"answer":[{"name":"rate_limited","status":400}]}`:                 "answer[0]",
		`{"connectors":{"generic_sms_gateway":{"hmac_secret":["canary"]}}}`: "hmac_secret",
	} {
		if r := b.tell(http.MethodPatch, "/policy", body); r.status != 400 || !strings.Contains(r.text, mention) || strings.Contains(r.text, "canary") {
			t.Errorf("%s: %d %s, want 400 and a word of %s", body, r.status, r.text, mention)
		}
	}
	if p := b.patch(`{"otp":{"digits":8},"unpublished":{"user_made":"send"}}`); p.OTP.Digits != 8 || p.OTP.Attempts != 5 {
		t.Errorf("patched: %+v", p.OTP)
	}
	shown := b.ask(http.MethodGet, "/policy")
	if strings.Contains(shown.text, "canary") || !strings.Contains(shown.text, `"digits":8`) {
		t.Errorf("shown: %s", shown.text)
	}
	b.project.ID = "Pnobody"
	if r := b.tell(http.MethodPatch, "/policy", `{}`); r.status != 404 {
		t.Errorf("no such project: %d", r.status)
	}
}

// What was issued keeps its terms; what is asked when it is redeemed is asked of the
// policy in force.
func TestPatchAndWhatWasIssued(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tokens := b.signUp(alice)
	code := b.code(alice)
	link := b.magicLink(descope.PathMagicLinkSignIn, alice)
	b.patch(`{"otp":{"digits":4,"expiration_time":"1s","attempts":1},"magic_link":{"expiration_time":"1s"},"refresh_token_expiration":"1h"}`)
	b.clock.advance(2 * time.Minute) // longer than what is issued from then on lives
	if short := b.code(bobOf(b)); len(short) != 4 {
		t.Errorf("a new code is %q", short)
	}
	b.redeem(link)
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &struct{}{})
	b.clock.advance(2 * time.Hour)
	b.me(tokens.RefreshJWT) // its session was opened for four weeks
	b.verify("x").refused(t, 401, descope.CodeTokenExpired)

	b.patch(`{"otp":{"expiration_time":null,"attempts":5}}`)
	code = b.code(alice)
	b.verifyCode(descope.MethodSMS, alice, otherCode(code))
	b.patch(`{"otp":{"attempts":1}}`) // read when a code is redeemed
	b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeTooManyAttempts)
	b.patch(`{"magic_link":{"expiration_time":null}}`)
	link = b.magicLink(descope.PathMagicLinkSignIn, alice)
	b.patch(`{"magic_link":{"disabled":true}}`)
	b.verify(link).refused(t, 403, descope.CodeMethodDisabled)
	b.patch(`{"magic_link":null,"answer":[{"name":"token_expired","status":410}]}`)
	b.redeem(link)
	b.verify(link).refused(t, 410, descope.CodeTokenExpired)
}

// bobOf makes a second user.
func bobOf(b *bench) string {
	b.t.Helper()
	b.send(bob)
	b.verifyCode(descope.MethodSMS, bob, b.take(bob).Code).into(b.t, &struct{}{})
	return bob
}

// A limit that stays goes on counting; one that changes begins anew.
func TestPatchOfLimits(t *testing.T) {
	t.Parallel()
	const kept = `{"name":"kept","by":"recipient","requests":2,"window":"1h","backoff":"0s","routes":[],"except":[]}`
	b := newBench(t)
	b.patch(`{"rate_limit":"custom","limit":[` + kept + `]}`)
	b.send(alice).into(t, &struct{}{})
	b.patch(`{"limit":[{"name":"new","by":"ip","requests":2,"window":"1h"},` + kept + `]}`)
	b.send(alice).into(t, &struct{}{})
	b.send(alice).refused(t, 429, descope.CodeSendLimit)
	b.send(bob).refused(t, 429, descope.CodeRateLimitExceeded)
	b.patch(`{"limit":[` + strings.Replace(kept, `"requests":2`, `"requests":3`, 1) + `]}`)
	b.send(alice).into(t, &struct{}{})
	b.patch(`{"rate_limit":"off","limit":[]}`)
	for range 5 {
		b.send(alice).into(t, &struct{}{})
	}
	o := b.again(5)
	o.send(alice).into(t, &struct{}{})
}

// Another algorithm signs at once, and the earlier tokens stay good.
func TestPatchOfTheAlgorithm(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	before := b.signUp(alice)
	b.patch(`{"signing_alg":"EdDSA"}`)
	after := b.signedInAgain(alice)
	for token, want := range map[string]jose.SignatureAlgorithm{before.SessionJWT: jose.ES256, after.SessionJWT: jose.EdDSA} {
		if _, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{want}); err != nil || !b.verifies(token) {
			t.Errorf("a token of %s: %v", want, err)
		}
	}
	b.me(before.RefreshJWT)
	b.me(after.RefreshJWT)
	b.patch(`{"signing_alg":"EdDSA"}`)
	if got := len(b.keys().Keys); got != 2 {
		t.Errorf("%d keys, want 2", got)
	}
}

// Faults and deliveries that were changed by their own routes stay, unless the patch
// changes those of the policy.
func TestPatchOfFaultsAndDelivery(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.faulty(policy.Fault{Name: "own", Match: "GET /none", Phase: policy.PhaseBefore, Action: policy.FaultStatus})
	d := policy.DefaultDelivery()
	d.Loss = 1
	b.setDelivery(d)
	b.patch(`{"otp":{"digits":8}}`)
	b.send(alice)
	b.quiet(alice)
	if _, own := b.hits()["own"]; !own {
		t.Error("the fault is gone")
	}
	b.patch(`{"delivery":{"duplicate":1},"fault":[{"name":"other","match":"GET /none","phase":"before","action":"status"}]}`)
	b.send(alice)
	if got := len(b.messages(alice)); got != 2 {
		t.Errorf("%d messages, want the one twice", got)
	}
	if hits := b.hits(); len(hits) != 1 {
		t.Errorf("faults %v, want the other alone", hits)
	}
}

// What is shown in place of a secret is no secret.
func TestPatchWithoutASecretToLeave(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for body, mention := range map[string]string{
		`{"connectors":{"generic_sms_gateway":{"post_url":"http://127.0.0.1:9/","hmac_secret":"***"}}}`: "hmac_secret",
		`{"signing_alg":"***"}`: "signing_alg", `{"otp":{"attempts":"***"}}`: "attempts", `{"fault":"***"}`: "fault",
		`null`: "object",
	} {
		if r := b.tell(http.MethodPatch, "/policy", body); r.status != 400 || !strings.Contains(r.text, mention) {
			t.Errorf("%s: %d %s", body, r.status, r.text)
		}
	}
}

// A gateway comes, changes and goes.
func TestPatchOfTheGateway(t *testing.T) {
	t.Parallel()
	first, second := newReceiver(t, nil), newReceiver(t, nil)
	b := newBench(t)
	to := func(url string) string {
		return `{"connectors":{"generic_sms_gateway":{"post_url":"` + url + `","connect_timeout":"3s","read_timeout":"10s","max_in_flight":4,"max_queued":8,"attempts":1}}}`
	}
	b.patch(to(first.URL))
	b.send(alice)
	b.posted(alice)
	b.patch(to(second.URL))
	b.send(bob)
	b.posted(bob)
	b.patch(`{"connectors":null}`)
	b.send(newPhone)
	b.take(newPhone)
	if len(first.all()) != 1 || len(second.all()) != 1 {
		t.Errorf("posted %d and %d, want one each", len(first.all()), len(second.all()))
	}
}

// The journal keeps its newest entries when its room changes, and numbers go on.
func TestPatchOfTheJournal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ask := func(n int) {
		for range n {
			b.verify("x")
		}
	}
	ask(5)
	b.patch(`{"journal":2}`)
	if page := b.journal(0); len(page.Requests) != 2 || page.Last != 5 || page.Lost != 3 {
		t.Errorf("journal of 2: %+v", page)
	}
	ask(1)
	b.patch(`{"journal":4}`)
	ask(3)
	if page := b.journal(0); len(page.Requests) != 4 || page.Last != 9 || page.Requests[0].Number != 6 {
		t.Errorf("journal of 4: %+v", page)
	}
	b.patch(`{"journal":0}`)
	ask(1)
	if page := b.journal(0); len(page.Requests) != 0 {
		t.Errorf("journal of 0: %+v", page)
	}
	b.patch(`{"journal":1}`)
	ask(2)
	if page := b.journal(0); len(page.Requests) != 1 || page.Last != 11 {
		t.Errorf("journal of 1: %+v", page)
	}
}

// An export carries the policy in force, and a reset keeps it.
func TestPatchedPolicyStays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.patch(`{"otp":{"digits":9},"user":[{"key":"a","phone":"` + alice + `","verified_phone":true}]}`)
	o := b.again(3)
	for _, x := range []*bench{b, o} {
		x.reset()
		if code := x.code(alice); len(code) != 9 {
			t.Errorf("code %q, want nine digits", code)
		}
	}
}

// Changes, requests and exports go on at once.
func TestPatchesAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	bodies := []string{
		`{"otp":{"digits":4}}`, `{"otp":{"digits":8}}`, `{"rate_limit":"custom","limit":[{"name":"l","by":"recipient","requests":1000,"window":"1h"}]}`,
		`{"rate_limit":"off","limit":[]}`, `{"signing_alg":"EdDSA"}`, `{"signing_alg":"ES256"}`, `{"journal":3}`, `{"unpublished":{"repeat_within":"1s"}}`,
	}
	var group sync.WaitGroup
	for _, body := range bodies {
		group.Go(func() {
			for range 5 {
				if r := b.tell(http.MethodPatch, "/policy", body); r.status != 200 {
					t.Errorf("%s: %d %s", body, r.status, r.text)
				}
			}
		})
		group.Go(func() {
			for range 5 {
				if r := b.send(alice); r.status != 200 {
					t.Errorf("send: %d %s", r.status, r.text)
				}
				b.verifyCode(descope.MethodSMS, alice, "x")
				b.ask(http.MethodGet, "")
				b.ask(http.MethodGet, "/verifications?method=POST")
			}
		})
	}
	group.Wait()
}
