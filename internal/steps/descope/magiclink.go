package descope

import (
	"github.com/zclconf/go-cty/cty"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

func magicLinkKinds() []*steps.Kind {
	methods := []string{"sms", "email", "whatsapp"}
	verbs := []verb{
		{
			name: "descope_magiclink_sign_up", doc: "Signs a new user up by a link. A login ID that is taken is refused.",
			path: api.PathMagicLinkSignUp, args: signUpArgs(true, methods...), check: checkSignUp, write: writeSignUp, sends: channel,
		},
		{
			name: "descope_magiclink_sign_in", doc: "Sends an existing user a link to sign in by. An unknown login ID is refused.",
			path: api.PathMagicLinkSignIn, args: signInArgs(true, methods...), credential: signedIn, check: checkSignIn, write: writeSignIn, sends: channel,
		},
		{
			name: "descope_magiclink_sign_up_or_in", doc: "Sends a link that signs in, and up first if the user does not exist.",
			path: api.PathMagicLinkSignUpOrIn, args: signInArgs(true, methods...), credential: signedIn, check: checkSignIn, write: writeSignIn, sends: channel,
		},
		{
			name: "descope_magiclink_update_phone", doc: "Sends a link to the new number of a signed-in user. The number changes when the link is verified.",
			path: api.PathMagicLinkUpdatePhone, args: updateArgs(true, textArg("phone", "The new number."), "sms", "whatsapp"),
			credential: signedIn, write: writeUpdatePhone, sends: channel,
		},
		{
			name: "descope_magiclink_update_email", doc: "Sends a link to the new address of a signed-in user. The address changes when the link is verified.",
			path: api.PathMagicLinkUpdateEmail, args: updateArgs(true, textArg("email", "The new address.")),
			credential: signedIn, write: writeUpdateEmail, sends: email,
		},
	}
	var kinds []*steps.Kind
	for _, v := range verbs {
		v.results, v.read = maskedResults, readMaskedLink
		kinds = append(kinds, v.kind())
	}
	return append(kinds, verb{
		name: "descope_magiclink_verify", doc: "Redeems the token of a magic link or of an embedded link and gives a session.",
		path: api.PathMagicLinkVerify, class: steps.ClassVerify,
		args: []steps.Arg{{Name: "token", Type: cty.String, Required: true, Sensitive: true, Doc: "The token: the parameter `t` of the link."}},
		write: func(a steps.Args, b []byte) ([]byte, error) {
			return api.VerifyLinkRequest{Token: a.String("token")}.AppendJSON(b)
		},
		results: authResults, read: readSession,
	}.kind())
}
