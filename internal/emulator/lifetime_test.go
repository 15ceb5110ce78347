package emulator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// Each secret is good until its lifetime is over and not an instant longer, measured
// from the send, and being late for its delivery gives it no more.
func TestF31S03S04Lifetimes(t *testing.T) {
	t.Parallel()
	const lifetime = 2 * time.Minute
	kinds := []struct {
		name, code string
		issue      func(b *bench) (redeem func() reply)
	}{
		{"magic link", descope.CodeTokenExpired, func(b *bench) func() reply {
			b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(alice)})
			return func() reply { return b.verify(b.messages(alice)[0].token(b.t)) }
		}},
		{"otp", descope.CodeOTPExpired, func(b *bench) func() reply {
			b.sendCode(alice)
			return func() reply { return b.verifyCode(descope.MethodSMS, alice, b.messages(alice)[0].Code) }
		}},
		{"embedded link", descope.CodeTokenExpired, func(b *bench) func() reply {
			var link descope.EmbeddedLinkResponse
			b.post(descope.PathEmbeddedLinkSignIn, b.manager(), descope.EmbeddedSignInRequest{Identity: identity(alice)}).into(b.t, &link)
			return func() reply { return b.verify(link.Token) }
		}},
	}
	edges := []struct {
		at   time.Duration
		good bool
	}{
		{lifetime - time.Second, true}, {lifetime - time.Nanosecond, true}, {lifetime, false},
		{lifetime + time.Nanosecond, false}, {lifetime + time.Second, false},
	}
	for _, kind := range kinds {
		for _, edge := range edges {
			t.Run(fmt.Sprint(kind.name, " ", edge.at), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, func(p *policy.Project) {
					p.OTP.ExpirationTime, p.MagicLink.ExpirationTime = policy.Duration(lifetime), policy.Duration(lifetime)
					p.EmbeddedLink.ExpirationTime = policy.Duration(lifetime)
				})
				b.signUp(alice)
				redeem := kind.issue(b)
				b.clock.advance(edge.at) // the message is read now
				if edge.good {
					if r := redeem(); r.status != 200 {
						t.Errorf("refused before its end: %s", r.text)
					}
					return
				}
				for range 3 { // the boundary does not flip
					redeem().refused(t, 401, kind.code)
				}
			})
		}
	}
}
