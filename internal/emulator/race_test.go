package emulator_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

const (
	lanes  = 64
	rounds = 200
)

// rush sends one request from every lane at once and counts the answers by code.
func rush(t *testing.T, h http.Handler, path string, bearer descope.Bearer, body any) (successes int64, codes map[string]int) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var ok atomic.Int64
	var mu sync.Mutex
	codes = map[string]int{}
	start := make(chan struct{})
	var wg sync.WaitGroup
	for range lanes {
		wg.Go(func() {
			req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader(text))
			req.Header.Set("Authorization", bearer.Header())
			req.Header.Set("Content-Type", "application/json")
			<-start
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			if w.Code == http.StatusOK {
				ok.Add(1)
				return
			}
			var e descope.ErrorBody
			_ = json.Unmarshal(w.Body.Bytes(), &e)
			mu.Lock()
			defer mu.Unlock()
			codes[e.ErrorCode]++
		})
	}
	close(start)
	wg.Wait()
	return ok.Load(), codes
}

// The handler is called without sockets here: the lanes then meet closer. A
// round over real connections is in TestLinkOnceOverHTTP.
func TestLinkOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	h := b.emulator.Handler()
	for round := range rounds {
		var link descope.EmbeddedLinkResponse
		b.post(descope.PathEmbeddedLinkSignIn, b.manager(), descope.EmbeddedSignInRequest{Identity: identity(alice)}).into(t, &link)
		ok, codes := rush(t, h, descope.PathMagicLinkVerify, b.public(), descope.VerifyLinkRequest{Token: link.Token})
		if ok != 1 || codes[descope.CodeTokenExpired] != lanes-1 {
			t.Fatalf("round %d: %d successes and %v, want 1 and %d of %s", round, ok, codes, lanes-1, descope.CodeTokenExpired)
		}
	}
}

func TestLinkOnceOverHTTP(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	for range 5 {
		b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
		token := b.take(alice).token(t)
		statuses := make([]int, lanes)
		var wg sync.WaitGroup
		for i := range lanes {
			wg.Go(func() { statuses[i] = b.verify(token).status })
		}
		wg.Wait()
		successes := 0
		for _, s := range statuses {
			if s == http.StatusOK {
				successes++
			}
		}
		if successes != 1 {
			t.Fatalf("%d successes, want 1: %v", successes, statuses)
		}
	}
}

func TestCodeOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	h := b.emulator.Handler()
	path := descope.Path(descope.PathOTPVerify, descope.MethodSMS)
	for round := range rounds {
		b.sendCode(alice)
		body := descope.VerifyCodeRequest{Identity: identity(alice), Code: b.take(alice).Code}
		if ok, codes := rush(t, h, path, b.public(), body); ok != 1 || codes[descope.CodeWrongOTP] != lanes-1 {
			t.Fatalf("round %d: %d successes and %v, want 1 and the rest wrong", round, ok, codes)
		}
	}
}

// Wrong codes at once are all charged: exactly the allowed number of them is
// compared, however they interleave.
func TestAttemptsAreCountedAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.OTP.Attempts = 7 })
	b.signUp(alice)
	h := b.emulator.Handler()
	path := descope.Path(descope.PathOTPVerify, descope.MethodSMS)
	for range 20 {
		b.sendCode(alice)
		code := b.take(alice).Code
		ok, codes := rush(t, h, path, b.public(), descope.VerifyCodeRequest{Identity: identity(alice), Code: otherCode(code)})
		if ok != 0 || codes[descope.CodeWrongOTP] != 7 || codes[descope.CodeTooManyAttempts] != lanes-7 {
			t.Fatalf("%d successes and %v, want 7 wrong and %d refused", ok, codes, lanes-7)
		}
		b.verifyCode(descope.MethodSMS, alice, code).refused(t, 401, descope.CodeTooManyAttempts)
	}
}

// A send, a merge, a deletion and a refresh of the same users at once end in a
// state that still makes sense.
func TestMixedCallsAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 4 {
				for _, login := range []string{alice, bob} {
					r := b.post(descope.PathEmbeddedLinkSignUp, b.manager(), descope.EmbeddedSignUpRequest{Identity: identity(login)})
					var link descope.EmbeddedLinkResponse
					r.into(t, &link)
					var auth descope.AuthResponse
					if v := b.verify(link.Token); v.status == http.StatusOK {
						v.into(t, &auth)
						b.change(b.as(auth.RefreshJWT), login, bob, descope.UpdateOptions{AddToLoginIDs: true})
						b.post(descope.PathRefresh, b.as(auth.RefreshJWT), struct{}{})
					}
				}
				for _, m := range b.messages(bob) {
					b.verify(m.token(t))
					b.ask(http.MethodPost, "/messages/"+m.ID+"/read")
				}
				b.post(descope.PathUserDelete, b.manager(), descope.UserRequest{Identity: identity(alice)})
			}
		})
	}
	wg.Wait()
	var found descope.SearchUsersResponse
	b.post(descope.PathUserSearch, b.manager(), struct{}{}).into(t, &found)
	seen := map[string]bool{}
	for _, u := range found.Users {
		for _, login := range u.LoginIDs {
			if seen[login] {
				t.Errorf("two users have the login ID %s", login)
			}
			seen[login] = true
		}
	}
}
