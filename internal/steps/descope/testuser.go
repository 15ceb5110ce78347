package descope

import (
	"errors"
	"net/url"

	"github.com/zclconf/go-cty/cty"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

// Generating again replaces what was generated before, and nobody is sent anything,
// so both kinds may be repeated.
func testUserKinds() []*steps.Kind {
	return []*steps.Kind{
		verb{
			name: "descope_test_user_generate_otp", doc: "Gives the one-time code that a test user's next message would hold. Call it before the step that sends.",
			path: api.PathGenerateOTP, credential: management, idempotent: true, body: generateBody,
			args:    []steps.Arg{loginArg(), methodArg("sms", "email", "voice", "whatsapp"), loginOptionsArg()},
			results: []steps.Attr{{Name: "code", Type: cty.String, Sensitive: true, Doc: "The code."}},
			read:    readCode,
		}.kind(),
		verb{
			name: "descope_test_user_generate_magiclink", doc: "Gives the magic link that a test user's next message would hold. Call it before the step that sends.",
			path: api.PathGenerateLink, credential: management, idempotent: true, body: generateBody,
			args: []steps.Arg{loginArg(), methodArg("sms", "email", "whatsapp"), redirectArg(), loginOptionsArg()},
			results: []steps.Attr{
				{Name: "link", Type: cty.String, Sensitive: true, Doc: "The link."},
				{Name: "token", Type: cty.String, Sensitive: true, Doc: "The link's token: its parameter `t`."},
			},
			read: readLink,
		}.kind(),
	}
}

func generateBody(a steps.Args) (any, []steps.Problem) {
	o, problems := object(a, "login_options", loginOptions)
	return api.GenerateRequest{Identity: identity(a), Redirect: redirect(a), DeliveryMethod: a.String("method"), LoginOptions: o}, problems
}

func readCode(a answer) (outcome, error) {
	var body api.GeneratedOTP
	err := decode(a.body, &body)
	if err == nil && body.Code == "" {
		err = errors.New("it holds no code")
	}
	return outcome{values: steps.Fixed{"code": ctyText(body.Code)}}, err
}

func readLink(a answer) (outcome, error) {
	var body api.GeneratedLink
	if err := decode(a.body, &body); err != nil {
		return outcome{}, err
	}
	values := steps.Fixed{"link": ctyText(body.Link)}
	out := outcome{values: values}
	if body.Link == "" {
		return out, errors.New("it holds no link")
	}
	u, err := url.Parse(body.Link)
	if err != nil {
		return out, errors.New("its link is not a URL")
	}
	token := u.Query().Get("t")
	if token == "" {
		return out, errors.New("its link has no parameter t")
	}
	values["token"] = cty.StringVal(token)
	return out, nil
}
