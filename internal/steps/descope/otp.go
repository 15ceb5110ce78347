package descope

import (
	"github.com/zclconf/go-cty/cty"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

func otpKinds() []*steps.Kind {
	methods := []string{"sms", "email", "voice", "whatsapp", "im"}
	verbs := []verb{
		{
			name: "descope_otp_sign_up", doc: "Signs a new user up by a one-time code. A login ID that is taken is refused.",
			path: api.PathOTPSignUp, args: signUpArgs(false, methods...), check: checkSignUp, write: writeSignUp, sends: channel,
		},
		{
			name: "descope_otp_sign_in", doc: "Sends an existing user a one-time code to sign in by. An unknown login ID is refused.",
			path: api.PathOTPSignIn, args: signInArgs(false, methods...), credential: signedIn, check: checkSignIn, write: writeSignIn, sends: channel,
		},
		{
			name: "descope_otp_sign_up_or_in", doc: "Sends a one-time code that signs in, and up first if the user does not exist.",
			path: api.PathOTPSignUpOrIn, args: signInArgs(false, methods...), credential: signedIn, check: checkSignIn, write: writeSignIn, sends: channel,
		},
		{
			name: "descope_otp_update_phone", doc: "Sends a code to the new number of a signed-in user. The number changes when the code is verified.",
			path: api.PathOTPUpdatePhone, args: updateArgs(false, textArg("phone", "The new number."), "sms", "voice", "whatsapp", "im"),
			credential: signedIn, write: writeUpdatePhone, sends: channel,
		},
		{
			name: "descope_otp_update_email", doc: "Sends a code to the new address of a signed-in user. The address changes when the code is verified.",
			path: api.PathOTPUpdateEmail, args: updateArgs(false, textArg("email", "The new address.")),
			credential: signedIn, write: writeUpdateEmail, sends: email,
		},
	}
	var kinds []*steps.Kind
	for _, v := range verbs {
		v.results, v.read = otpResults, readMasked
		kinds = append(kinds, v.kind())
	}
	return append(kinds, verb{
		name: "descope_otp_verify", doc: "Redeems a one-time code and gives a session. The code of an update is redeemed with the user's own login ID.",
		path: api.PathOTPVerify, class: steps.ClassVerify,
		args: []steps.Arg{
			loginArg(), methodArg(methods...),
			{Name: "code", Type: cty.String, Required: true, Sensitive: true, Doc: "The code from the message."},
			textArg("tenant_id", "Tenant whose user the code is of, where one login ID is several users."),
		},
		write: func(a steps.Args, b []byte) ([]byte, error) {
			return api.VerifyCodeRequest{Identity: identity(a), Code: a.String("code"), TenantID: a.String("tenant_id")}.AppendJSON(b)
		},
		results: authResults, read: readSession,
	}.kind())
}
