package emulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

func limited(limits ...policy.Limit) func(*policy.Project) {
	return func(p *policy.Project) {
		p.RateLimit = policy.RateLimitCustom
		for i, l := range limits {
			l.Name = fmt.Sprint("limit", i)
			p.Limits = append(p.Limits, l)
		}
	}
}

func every(d time.Duration) policy.Duration { return policy.Duration(d) }

// send asks for a code by SMS.
func (b *bench) send(login string) reply {
	b.t.Helper()
	return b.post(descope.Path(descope.PathOTPSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(login)})
}

// wait is the Retry-After of an answer in seconds.
func (r reply) wait(tb testing.TB) time.Duration {
	tb.Helper()
	seconds, err := strconv.Atoi(r.header.Get("Retry-After"))
	if err != nil || seconds < 1 {
		tb.Fatalf("Retry-After %q is not a whole number from 1", r.header.Get("Retry-After"))
	}
	return time.Duration(seconds) * time.Second
}

func TestN14OverTheLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByIP, Requests: 3, Window: every(time.Minute), Routes: []string{"/v1/auth/otp/*"}}))
	b.clock.advance(100 * time.Millisecond)
	for range 3 {
		if r := b.send(alice); r.status != 200 {
			t.Fatalf("within the limit: %s", r.text)
		}
		b.take(alice)
		b.clock.advance(100 * time.Millisecond)
	}
	r := b.send(alice)
	r.refused(t, 429, descope.CodeRateLimitExceeded, "rate limit")
	if got := r.wait(t); got != time.Minute {
		t.Errorf("Retry-After %s, want 1m0s: 59.7 s are left", got)
	}
	if r.header.Get("Content-Type") != "application/json" {
		t.Errorf("content type %q", r.header.Get("Content-Type"))
	}
	b.quiet("")
	b.clock.advance(r.wait(t) - time.Second) // 700 ms early
	early := b.send(alice)
	early.refused(t, 429, descope.CodeRateLimitExceeded)
	if got := early.wait(t); got != time.Second {
		t.Errorf("Retry-After %s at the end, want 1s", got)
	}
	b.clock.advance(time.Second)
	if r := b.send(alice); r.status != 200 {
		t.Errorf("behind Retry-After: %s", r.text)
	}
}

// A back-off begins with the first refusal, and later ones do not put its end off.
func TestN14Backoff(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByIP, Requests: 1, Window: every(time.Minute), Backoff: every(time.Minute)}))
	b.send(alice)
	b.clock.advance(30 * time.Second)
	for _, left := range []time.Duration{60 * time.Second, 40 * time.Second, 20 * time.Second} {
		r := b.send(alice)
		r.refused(t, 429, descope.CodeRateLimitExceeded)
		if got := r.wait(t); got != left {
			t.Errorf("Retry-After %s, want %s", got, left)
		}
		b.clock.advance(20 * time.Second)
	}
	if r := b.send(alice); r.status != 200 {
		t.Errorf("behind the back-off: %s", r.text)
	}
}

// A refused request has sent nothing, used nothing up and made nobody.
func TestS29RefusalsAreHonest(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(
		policy.Limit{By: policy.ByIP, Requests: 1, Window: every(time.Minute), Routes: []string{"/v1/auth/otp/verify/*"}},
		policy.Limit{By: policy.ByRecipient, Requests: 1, Window: every(time.Hour)},
	))
	b.signUp(alice)
	b.clock.advance(time.Hour)
	b.send(alice)
	code := b.take(alice).Code
	b.verifyCode(descope.MethodSMS, alice, otherCode(code)).refused(t, 401, descope.CodeWrongOTP)
	for range 10 {
		b.verifyCode(descope.MethodSMS, alice, otherCode(code)).refused(t, 429, descope.CodeRateLimitExceeded)
	}
	b.send(alice).refused(t, 429, descope.CodeSendLimit)
	b.quiet("")
	b.clock.advance(time.Minute)
	if r := b.verifyCode(descope.MethodSMS, alice, code); r.status != 200 {
		t.Errorf("a refused send or guess took the code away: %s", r.text)
	}
}

func TestN14RetryAfterForms(t *testing.T) {
	t.Parallel()
	for _, form := range policy.RetryAfters() {
		b := newBench(t, limited(policy.Limit{By: policy.ByProject, Requests: 1, Window: every(1500 * time.Millisecond)}),
			func(p *policy.Project) { p.RetryAfter = form })
		b.send(alice)
		r := b.send(alice)
		r.refused(t, 429, descope.CodeRateLimitExceeded)
		got, has := r.header["Retry-After"]
		switch form {
		case policy.RetryAfterNone:
			if has {
				t.Errorf("none: %v", got)
			}
		case policy.RetryAfterSeconds:
			if r.wait(t) != 2*time.Second {
				t.Errorf("seconds: %v, want 2", got)
			}
		case policy.RetryAfterDate:
			end, err := http.ParseTime(r.header.Get("Retry-After"))
			now, err2 := http.ParseTime(r.header.Get("Date"))
			if err != nil || err2 != nil || end.Before(b.clock.Now().Add(1500*time.Millisecond)) || !now.Equal(b.clock.Now().Truncate(time.Second)) {
				t.Errorf("date: %v at %v", got, r.header.Get("Date"))
			}
			b.clock.advance(end.Sub(b.clock.Now()))
			if r := b.send(alice); r.status != 200 {
				t.Errorf("at the date: %s", r.text)
			}
		}
	}
}

// An address is that of the connection; no header gives a second one.
func TestN14ForwardedAddressesAreNotTrusted(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByIP, Requests: 2, Window: every(time.Minute)}))
	h := b.emulator.Handler()
	ask := func(address, forwarded string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, descope.Path(descope.PathOTPSignUpOrIn, descope.MethodSMS),
			strings.NewReader(`{"loginId":"`+alice+`"}`))
		r.RemoteAddr = address
		r.Header.Set("Authorization", b.public().Header())
		r.Header.Set("Content-Type", "application/json")
		for _, name := range []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Cf-Connecting-Ip", "True-Client-Ip"} {
			r.Header.Set(name, forwarded)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	for i, want := range []int{200, 200, 429, 429} {
		if got := ask(fmt.Sprintf("192.0.2.7:%d", 1000+i), fmt.Sprintf("198.51.100.%d", i)); got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
	if got := ask("[2001:db8::1]:9", "192.0.2.7"); got != 200 {
		t.Errorf("another address: %d, want 200", got)
	}
}

func TestN14DescopeLimits(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.RateLimit = policy.RateLimitDescope })
	for range 100 {
		b.get(descope.PathMe, b.public()).refused(t, 401, descope.CodeMissingArguments)
	}
	r := b.get(descope.PathMe, b.public())
	r.refused(t, 429, descope.CodeRateLimitExceeded)
	if r.wait(t) != time.Minute {
		t.Errorf("Retry-After %s, want the back-off of 1m0s", r.wait(t))
	}
	if r := b.get(descope.PathLicense, b.manager()); r.status != 200 {
		t.Errorf("management is counted apart: %s", r.text)
	}
}

// Each recipient has its own count, whatever the method; S25 in the words of the suite.
func TestS25RecipientLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(
		policy.Limit{By: policy.ByRecipient, Requests: 1, Window: every(30 * time.Second)}, // a cooldown
		policy.Limit{By: policy.ByRecipient, Requests: 3, Window: every(10 * time.Minute)},
	))
	link := descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodWhatsApp)
	for i := range 3 {
		path := descope.Path(descope.PathOTPSignUpOrIn, descope.MethodSMS)
		if i == 1 {
			path = link
		}
		if r := b.post(path, b.public(), descope.SignInRequest{Identity: identity("+1 (555) 555-0101")}); r.status != 200 {
			t.Fatalf("send %d: %s", i, r.text)
		}
		b.take(alice)
		r := b.send(alice)
		r.refused(t, 429, descope.CodeSendLimit)
		if want := 30 * time.Second; i < 2 && r.wait(t) != want {
			t.Errorf("send %d: Retry-After %s, want the cooldown of %s", i, r.wait(t), want)
		}
		b.clock.advance(30 * time.Second)
	}
	r := b.send(alice)
	r.refused(t, 429, descope.CodeSendLimit)
	if r.wait(t) != 8*time.Minute+30*time.Second {
		t.Errorf("Retry-After %s, want 8m30s", r.wait(t))
	}
	b.quiet(alice)
	if r := b.send(bob); r.status != 200 {
		t.Errorf("another recipient: %s", r.text)
	}
	b.clock.advance(r.wait(t))
	if r := b.send(alice); r.status != 200 {
		t.Errorf("behind Retry-After: %s", r.text)
	}
}

// The update of a phone counts for the new phone, and a refused one changes nothing.
func TestS25UpdatesCount(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByRecipient, Requests: 1, Window: every(time.Hour)}))
	a := b.signUp(alice)
	if r := b.change(b.as(a.RefreshJWT), alice, newPhone, descope.UpdateOptions{}); r.status != 200 {
		t.Fatal(r.text)
	}
	b.take(newPhone)
	b.change(b.as(a.RefreshJWT), alice, newPhone, descope.UpdateOptions{}).refused(t, 429, descope.CodeSendLimit)
	b.quiet("")
}

// Over all recipients together: what an attacker can make the project pay for.
func TestSpendingBreaker(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByAllRecipients, Requests: 5, Window: every(time.Hour)}))
	phone := func(i int) string { return fmt.Sprintf("+1555555%04d", 200+i) }
	for i := range 5 {
		if r := b.send(phone(i)); r.status != 200 {
			t.Fatalf("send %d: %s", i, r.text)
		}
	}
	b.send(phone(5)).refused(t, 429, descope.CodeSendLimit)
	b.send(phone(0)).refused(t, 429, descope.CodeSendLimit)
	b.quiet(phone(5))
	b.verifyCode(descope.MethodSMS, phone(5), "123456").refused(t, 401, descope.CodeWrongOTP)
	b.clock.advance(time.Hour)
	if r := b.send(phone(5)); r.status != 200 {
		t.Errorf("an hour later: %s", r.text)
	}
}

func TestS28R16SendsAtOnce(t *testing.T) {
	t.Parallel()
	for _, by := range policy.LimitKeys() {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, limited(policy.Limit{By: by, Requests: 5, Window: every(time.Minute)}))
			c := newCrowd(t, b.emulator.Handler())
			const sends = 50
			for round := range smallRounds {
				statuses := map[int]int{}
				send := shot{descope.Path(descope.PathOTPSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)}}
				for _, r := range c.round(repeat(sends, send)) {
					statuses[r.status]++
				}
				if statuses[200] != 5 || statuses[429] != sends-5 {
					t.Fatalf("round %d: statuses %v, want 5 of 200 and %d of 429", round, statuses, sends-5)
				}
				if got := len(b.messages(alice)); got != 5*(round+1) {
					t.Fatalf("round %d: %d messages, want %d", round, got, 5*(round+1))
				}
				b.clock.advance(time.Minute)
			}
		})
	}
}

// Test users get no messages, so nothing is counted for them.
func TestLimitsSpareTestUsers(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByRecipient, Requests: 1, Window: every(time.Hour)}))
	b.post(descope.PathTestUserCreate, b.manager(), descope.CreateUserRequest{Identity: identity(alice), Phone: alice})
	for range 3 {
		if r := b.send(alice); r.status != 200 {
			t.Errorf("a test user: %s", r.text)
		}
	}
}

// What a carrier rejects at the send was not sent, and leaves the budget of all alone.
func TestRejectedSendsAreNotCounted(t *testing.T) {
	t.Parallel()
	const phone = "+213612345678"
	b := newBench(t, limited(policy.Limit{By: policy.ByAllRecipients, Requests: 1, Window: every(time.Minute)}), func(p *policy.Project) {
		p.Delivery.RejectAt = policy.RejectAtSend
		p.Delivery.Carriers = []policy.Carrier{{Prefix: "+213", Reject: policy.RejectBlocked}}
	})
	for range 3 {
		b.send(phone).refused(t, http.StatusBadRequest, descope.CodeUndeliverable, "blocked")
	}
	if r := b.send(alice); r.status != http.StatusOK {
		t.Errorf("the only message: %d %s", r.status, r.text)
	}
}

// A test user by the rules gets no message from the first request on.
func TestNewTestUserIsNotCounted(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByAllRecipients, Requests: 1, Window: every(time.Minute)}), func(p *policy.Project) {
		p.TestUsersLoginIDRegexp = `^\+1555555010[3-9]$`
	})
	for _, phone := range []string{"+15555550103", "+15555550104", alice} {
		if r := b.send(phone); r.status != http.StatusOK {
			t.Errorf("%s: %d %s", phone, r.status, r.text)
		}
	}
}

// What a fault strikes before anything happens is counted by no limit.
func TestFaultBeforeIsNotCounted(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByIP, Requests: 1, Window: every(time.Minute)}))
	b.faulty(policy.Fault{Name: "down", Phase: policy.PhaseBefore, Action: policy.FaultStatus, Count: 3})
	for range 3 {
		b.send(alice).refused(t, http.StatusServiceUnavailable, descope.CodeInternal)
	}
	if r := b.send(alice); r.status != http.StatusOK {
		t.Errorf("the first request that came through: %d %s", r.status, r.text)
	}
	b.send(alice).refused(t, http.StatusTooManyRequests, descope.CodeRateLimitExceeded)
}
