package emulator_test

import (
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// Every route of a disabled method is refused, whoever asks, and no other route is.
func TestN26DisabledMethods(t *testing.T) {
	t.Parallel()
	sms := descope.MethodSMS
	otp := []string{
		descope.Path(descope.PathOTPSignUp, sms), descope.Path(descope.PathOTPSignIn, sms), descope.Path(descope.PathOTPSignUpOrIn, sms),
		descope.Path(descope.PathOTPVerify, sms), descope.Path(descope.PathOTPUpdatePhone, sms), descope.PathOTPUpdateEmail, descope.PathGenerateOTP,
	}
	magic := []string{
		descope.Path(descope.PathMagicLinkSignUp, sms), descope.Path(descope.PathMagicLinkSignIn, sms), descope.Path(descope.PathMagicLinkSignUpOrIn, sms),
		descope.Path(descope.PathMagicLinkUpdatePhone, sms), descope.PathMagicLinkUpdateEmail, descope.PathGenerateLink,
	}
	embedded := []string{descope.PathEmbeddedLinkSignIn, descope.PathEmbeddedLinkSignUp}
	both := []string{descope.PathMagicLinkVerify}
	tests := map[string]struct {
		change   func(*policy.Project)
		off, on  [][]string
		messages bool
	}{
		"otp":      {func(p *policy.Project) { p.OTP.Disabled = true }, [][]string{otp}, [][]string{magic, embedded, both}, true},
		"magic":    {func(p *policy.Project) { p.MagicLink.Disabled = true }, [][]string{magic}, [][]string{otp, embedded, both}, true},
		"embedded": {func(p *policy.Project) { p.EmbeddedLink.Disabled = true }, [][]string{embedded}, [][]string{otp, magic, both}, true},
		"both links": {func(p *policy.Project) { p.MagicLink.Disabled, p.EmbeddedLink.Disabled = true, true },
			[][]string{magic, embedded, both}, [][]string{otp}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, tt.change)
			body := descope.SignInRequest{Identity: identity(alice)}
			for _, paths := range tt.off {
				for _, path := range paths {
					for _, bearer := range []descope.Bearer{b.public(), b.manager(), b.as("a.b.c")} {
						b.post(path, bearer, body).refused(t, 403, descope.CodeMethodDisabled, "disabled")
					}
				}
			}
			b.quiet("")
			for _, paths := range tt.on {
				for _, path := range paths {
					if r := b.post(path, b.public(), body); r.status == 403 {
						t.Errorf("%s: %s", path, r.text)
					}
				}
			}
		})
	}
}

// With one kind of link disabled the other is redeemed still.
func TestN26LinksApart(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.MagicLink.Disabled = true })
	var link descope.EmbeddedLinkResponse
	b.post(descope.PathEmbeddedLinkSignUp, b.manager(), descope.EmbeddedSignUpRequest{Identity: identity(alice)}).into(t, &link)
	b.redeem(link.Token)
	other := newBench(t, func(p *policy.Project) { p.EmbeddedLink.Disabled = true })
	other.signUp(alice)
}
