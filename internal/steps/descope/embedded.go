package descope

import (
	"errors"
	"math"
	"time"

	"github.com/zclconf/go-cty/cty"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

// Asking twice leaves an unused token behind and harms nobody, so both kinds may be
// repeated.
func embeddedKinds() []*steps.Kind {
	expires := steps.Arg{Name: "expires_in", Type: cty.String, Duration: true, Echo: true,
		Doc: "How long the token is good for, in whole seconds. Left out, the project's setting."}
	results := append([]steps.Attr{
		{Name: "token", Type: cty.String, Sensitive: true, Doc: "The token that `descope_magiclink_verify` redeems."},
	}, maskedResults...)
	return []*steps.Kind{
		verb{
			name: "descope_embedded_link", doc: "Makes a token by which an existing user is signed in, without a message. It needs the management key.",
			path: api.PathEmbeddedLinkSignIn, credential: management, idempotent: true,
			args: []steps.Arg{loginArg(), objectArg("custom_claims", "Object of claims for the session JWT."), expires},
			body: func(a steps.Args) (any, []steps.Problem) {
				claims, problems := freeObject(a, "custom_claims")
				return api.EmbeddedSignInRequest{Identity: identity(a), CustomClaims: claims, Timeout: seconds(a, "expires_in")}, problems
			},
			check: checkExpires, results: results, read: readEmbedded,
		}.kind(),
		verb{
			name: "descope_embedded_link_sign_up", doc: "Makes a token by which a user is signed in, and up first if there is none, without a message. It needs the management key.",
			path: api.PathEmbeddedLinkSignUp, credential: management, idempotent: true,
			args: []steps.Arg{
				loginArg(), userArg(),
				flagArg("email_verified", "Take the user's address as verified."),
				flagArg("phone_verified", "Take the user's number as verified."),
				signUpOptionsArg(), expires,
			},
			body: func(a steps.Args) (any, []steps.Problem) {
				user, problems := object(a, "user", signUpUser)
				o, more := object(a, "login_options", signUpOptions)
				return api.EmbeddedSignUpRequest{
					Identity: identity(a), User: user, EmailVerified: a.Bool("email_verified"),
					PhoneVerified: a.Bool("phone_verified"), LoginOptions: o, Timeout: seconds(a, "expires_in"),
				}, append(problems, more...)
			},
			check: checkExpires, results: results, read: readEmbedded,
		}.kind(),
	}
}

func checkExpires(a steps.Args) []steps.Problem {
	if !a.Has("expires_in") {
		return nil
	}
	d := a.Duration("expires_in")
	if d < time.Second || d%time.Second != 0 || d > math.MaxInt32*time.Second {
		return []steps.Problem{{Arg: "expires_in", Detail: `The API counts in whole seconds. Give at least "1s" and no fractions.`}}
	}
	return nil
}

func seconds(a steps.Args, name string) int32 { return int32(a.Duration(name) / time.Second) }

func readEmbedded(a answer) (outcome, error) {
	if v := skim(a, embeddedShape, embeddedSources); v != nil && v.text("token") != "" {
		return outcome{values: v}, nil
	}
	return decodeEmbedded(a)
}

func decodeEmbedded(a answer) (outcome, error) {
	var body api.EmbeddedLinkResponse
	err := decode(a.body, &body)
	if err == nil && body.Token == "" {
		err = errors.New("it holds no token")
	}
	return outcome{values: steps.Fixed{
		"token": ctyText(body.Token), "masked_phone": ctyText(body.MaskedPhone), "masked_email": ctyText(body.MaskedEmail),
	}}, err
}
