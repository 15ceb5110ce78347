package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

func (b *bench) reset() {
	b.t.Helper()
	r := b.ask(http.MethodPost, "/reset")
	if r.status != http.StatusOK || r.text != `{"format_version":1,"project_id":"`+b.project.ID+`"}` {
		b.t.Fatalf("reset: %d %s", r.status, r.text)
	}
}

// withPolicy is a policy of which a reset must bring everything back.
func withPolicy(p *policy.Project) {
	p.Users = []policy.User{{Key: "a", LoginID: alice, Phone: alice, VerifiedPhone: true}}
	p.Faults = []policy.Fault{{Name: "odd", Match: "GET /none", Phase: policy.PhaseBefore, Action: policy.FaultStatus}}
	p.RateLimit = policy.RateLimitCustom
	p.Limits = []policy.Limit{{
		Name: "few", By: policy.ByRecipient, Requests: 3, Window: policy.Duration(time.Hour), Routes: []string{}, Except: []string{},
	}}
	p.OTP.WindowAttempts, p.OTP.AttemptsWindow = 1, policy.Duration(time.Hour)
}

// After a reset a project shows what a fresh one shows, and nothing from before is good.
func TestReset(t *testing.T) {
	t.Parallel()
	b, fresh := newBench(t, withPolicy), newBench(t, withPolicy)
	auth := b.signUp(alice)
	b.signUp(bob)
	b.sendCode(alice)
	code := b.take(alice).Code
	b.verifyCode(descope.MethodSMS, alice, otherCode(code))
	link := b.link(bob)
	waits := b.enchanted(b.enchant(descope.PathEnchantedLinkSignUpOrIn, `{"loginId":"`+alicesMail+`"}`))
	b.ask(http.MethodPost, "/keys/rotate")
	b.moveClock(`{"freeze":true,"advance":"5h","skew":"1m"}`)
	b.faulty(policy.Fault{Name: "more", Phase: policy.PhaseBefore, Action: policy.FaultHang})
	terms := policy.DefaultDelivery()
	terms.Loss = 1
	b.setDelivery(terms)
	b.ask(http.MethodPost, "/delivery/pause")
	before := b.keys()
	seen := b.journal(0).Last

	b.reset()
	if got := b.journal(seen); got.Last != seen || got.Cleared != seen || len(got.Requests) != 0 || b.journal(0).Lost != seen {
		t.Errorf("journal %+v, want none after %d", got, seen)
	}
	for _, path := range []string{"/clock", "/faults", "/delivery", "/messages?state=all", "/messages/counts", "/verifications"} {
		if diff := cmp.Diff(b.ask(http.MethodGet, path).text, fresh.ask(http.MethodGet, path).text); diff != "" {
			t.Errorf("%s (-reset +fresh):\n%s", path, diff)
		}
	}
	if list := b.users("").Users; len(list) != 1 || list[0].LoginIDs[0] != alice || list[0].SessionCount != 0 || list[0].UserID == auth.User.UserID {
		t.Errorf("users %+v", list)
	}
	if n := b.audits(``).Total; n != 0 {
		t.Errorf("%d audit records", n)
	}
	after := b.keys()
	if len(after.Keys) != 1 || len(before.Key(after.Keys[0].KeyID)) != 0 {
		t.Error("a key from before is published")
	}
	b.get(descope.PathMe, b.as(auth.RefreshJWT)).refused(t, 401, descope.CodeInvalidArguments)
	if r := b.post(descope.PathValidate, b.as(auth.SessionJWT), struct{}{}); r.status != 401 {
		t.Errorf("a session JWT from before: %d %s", r.status, r.text)
	}
	b.verify(link).refused(t, 401, descope.CodeTokenExpired)
	b.poll(waits.PendingRef).refused(t, 401, "E063010")
	b.verifyCode(descope.MethodSMS, alice, code)

	// It goes on as one that is new, with its limits unspent.
	b.signIn(b.public(), descope.LoginOptions{})
	b.sendCode(alice)
	b.verifyCode(descope.MethodSMS, alice, b.take(alice).Code)
	b.moveClock(`{"advance":"1s"}`)
	again := b.journal(seen)
	if len(again.Requests) == 0 || again.Lost != 0 || again.Cleared != seen || again.Requests[0].Number != seen+1 {
		t.Errorf("journal after the reset: %+v", again)
	}
	b.again(99) // an export of what was reset is as good
	b.reset()
	if got := b.keys().Keys[0].KeyID; got == after.Keys[0].KeyID {
		t.Error("a second reset gives the same key")
	}
	b.emulator.DropProject(b.project.ID)
	if r := b.ask(http.MethodPost, "/reset"); r.status != 404 {
		t.Errorf("reset of no project: %d %s", r.status, r.text)
	}
}

// Whoever waits for a message when the project is reset gets the next one, and a cursor
// from before leads to it.
func TestResetKeepsReadersWaiting(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	b.sendCode(alice)
	mark := b.listing("").Cursor
	var waiting sync.WaitGroup
	for range 4 {
		waiting.Go(func() {
			r := b.ask(http.MethodGet, "/messages?wait=1m&recipient="+url.QueryEscape(bob)+"&after="+mark)
			if r.status != http.StatusOK || strings.Count(r.text, `"code":"`) != 1 {
				t.Errorf("a reader that waits: %d %s", r.status, r.text)
			}
		})
	}
	b.reset()
	b.quiet("")
	b.requestCode(bob)
	waiting.Wait()
}

// A reset is one moment: what runs meanwhile is before or after it, and nothing of it is
// left that is neither.
func TestResetDuringSignIns(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var running sync.WaitGroup
	for range 4 {
		running.Go(func() {
			for range 20 {
				b.post(descope.Path(descope.PathOTPSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
				for _, m := range b.messages(alice) {
					b.verifyCode(descope.MethodSMS, alice, m.Code)
				}
			}
		})
	}
	for range 20 {
		b.reset()
	}
	running.Wait()
	b.reset()
	b.quiet("")
	if n := len(b.users("").Users); n != 0 {
		t.Errorf("%d users after the last reset", n)
	}
	b.signUp(alice)
}

func TestDeleteMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	deleted := func(id string) int { return b.ask(http.MethodDelete, "/messages/"+id).status }
	b.sendCodes(alice, 3)
	all := b.messages(alice)
	read := b.ask(http.MethodPost, "/messages/"+all[2].ID+"/read")
	if read.status != http.StatusNoContent || deleted(all[0].ID) != 204 || deleted(all[2].ID) != 204 || deleted(all[0].ID) != 404 {
		t.Error("an unread and a read message are not deleted once each")
	}
	if got := b.outbox("all", ""); len(got) != 1 || got[0].ID != all[1].ID {
		t.Errorf("left are %+v", got)
	}
	b.ask(http.MethodPost, "/delivery/pause")
	b.requestCode(bob)
	way := b.outbox("pending", bob)[0].ID
	if got := deleted(way); got != http.StatusConflict {
		t.Errorf("a message on its way: %d", got)
	}
	b.ask(http.MethodPost, "/delivery/resume")
	terms := policy.DefaultDelivery()
	terms.Loss = 1
	b.setDelivery(terms)
	b.requestCode(newPhone)
	if deleted(way) != 204 || deleted(b.outbox("lost", newPhone)[0].ID) != 204 || len(b.outbox("all", bob))+len(b.outbox("all", newPhone)) != 0 {
		t.Error("an arrived and a lost message are not deleted")
	}
	if counts := b.ask(http.MethodGet, "/messages/counts").text; !strings.Contains(counts, `"total":{"sent":5,"delivered":4,"lost":1,"rejected":0,"duplicates":0,"pending":0}`) {
		t.Errorf("counts %s", counts)
	}
}

func TestPutFault(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	put := func(name, body string) reply { return b.tell(http.MethodPut, "/faults/"+name, body) }
	const body = `{"match":"GET /v1/auth/me","phase":"before","action":"status","count":1}`
	for range 2 {
		if r := put("a%2Fb", body); r.status != 200 || strings.Count(r.text, `"name":"a/b"`) != 1 || !strings.Contains(r.text, `"seen":0,"hits":0`) {
			t.Errorf("put: %d %s", r.status, r.text)
		}
		b.get(descope.PathMe, b.public())
	}
	if r := put("x", `{"name":"y","phase":"before","action":"status"}`); r.status != 400 {
		t.Errorf("another name: %d %s", r.status, r.text)
	}
	if r := put("x", `{"phase":"before","action":"stale"}`); r.status != 400 {
		t.Errorf("a wrong fault: %d %s", r.status, r.text)
	}
	if got := b.ask(http.MethodGet, "/faults").text; strings.Count(got, `"name"`) != 1 || !strings.Contains(got, `"seen":1,"hits":1`) {
		t.Errorf("faults %s", got)
	}
}

func TestShowPolicy(t *testing.T) {
	t.Parallel()
	b := newBench(t, gatewayTo("http://127.0.0.1:9/", func(g *policy.SMSGateway) { g.HMACSecret = policy.NewSecret("signing-secret") }))
	r := b.ask(http.MethodGet, "/policy")
	if r.status != 200 || !strings.HasPrefix(r.text, `{"format_version":1,"policy":{"seed":`) || !strings.Contains(r.text, `"signing_alg":"ES256",`) ||
		strings.Contains(r.text, "signing-secret") || !strings.Contains(r.text, `"hmac_secret":"***"`) {
		t.Errorf("policy: %d %s", r.status, r.text)
	}
}
