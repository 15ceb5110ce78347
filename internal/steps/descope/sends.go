package descope

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

// channel is what a verb with a method sends. A method that is not known yet counts
// as the default one: something is sent in any case.
func channel(a steps.Args) string {
	switch m := api.Method(a.String("method")); m {
	case "":
		return string(api.MethodSMS)
	case api.MethodIM:
		return string(api.MethodWhatsApp)
	default:
		return string(m)
	}
}

func email(steps.Args) string { return string(api.MethodEmail) }

var maskedResults = []steps.Attr{
	{Name: "masked_phone", Type: cty.String, Doc: "The number the message went to, mostly hidden, or null."},
	{Name: "masked_email", Type: cty.String, Doc: "The address the message went to, mostly hidden, or null."},
}

var otpResults = append(slices.Clip(maskedResults),
	steps.Attr{Name: "verification_attempts", Type: cty.Number, Doc: "How many wrong codes are allowed, or null."})

func readMasked(a answer) (outcome, error) {
	if v := skim(a, maskedShape, maskedSources); v != nil {
		return outcome{values: v}, nil
	}
	values, err := decodeMasked(a)
	return outcome{values: values}, err
}

func readMaskedLink(a answer) (outcome, error) {
	if v := skim(a, maskedShape, maskedLinkSources); v != nil {
		return outcome{values: v}, nil
	}
	values, err := decodeMasked(a)
	delete(values, "verification_attempts")
	return outcome{values: values}, err
}

func decodeMasked(a answer) (steps.Fixed, error) {
	var body api.MaskedResponse
	err := decode(a.body, &body)
	return steps.Fixed{
		"masked_phone":          ctyText(body.MaskedPhone),
		"masked_email":          ctyText(body.MaskedEmail),
		"verification_attempts": ctyCount(body.VerificationAttempts),
	}, err
}

func identity(a steps.Args) api.Identity { return api.Identity{LoginID: a.String("login_id")} }

func redirect(a steps.Args) api.Redirect { return api.Redirect{URI: a.String("redirect_url")} }

func writeSignIn(a steps.Args, b []byte) ([]byte, error) {
	o, _ := object(a, "login_options", loginOptions)
	return api.SignInRequest{
		Identity: identity(a), Redirect: redirect(a), LoginOptions: o,
		ProviderID: a.String("provider_id"), SSOAppID: a.String("sso_app_id"), UseRecovery: a.Bool("use_recovery"),
	}.AppendJSON(b)
}

func checkSignIn(a steps.Args) []steps.Problem {
	_, problems := object(a, "login_options", loginOptions)
	return problems
}

// signUp fills in the contact of the method as the vendor's SDKs do: the
// argument, else the user's, else the login ID.
func signUp(a steps.Args) (api.SignUpRequest, []steps.Problem) {
	o, problems := object(a, "login_options", signUpOptions)
	user, more := object(a, "user", signUpUser)
	if user == nil {
		user = &api.SignUpUser{}
	}
	r := api.SignUpRequest{
		Identity: identity(a), Redirect: redirect(a), Phone: a.String("phone"), Email: a.String("email"),
		WhatsApp: a.String("whatsapp"), User: user, ProviderID: a.String("provider_id"), LoginOptions: o,
	}
	contact := r.Contact(api.Method(a.String("method")))
	switch api.Method(a.String("method")) {
	case api.MethodEmail:
		r.Email = contact
		setIfEmpty(&user.Email, contact)
	case api.MethodWhatsApp, api.MethodIM:
		r.WhatsApp = contact
		setIfEmpty(&user.Phone, contact)
	default:
		r.Phone = contact
		setIfEmpty(&user.Phone, contact)
	}
	return r, append(problems, more...)
}

func writeSignUp(a steps.Args, b []byte) ([]byte, error) {
	r, _ := signUp(a)
	return r.AppendJSON(b)
}

func checkSignUp(a steps.Args) []steps.Problem {
	_, problems := signUp(a)
	return problems
}

func setIfEmpty(at *string, value string) {
	if *at == "" {
		*at = value
	}
}

func updateOptions(a steps.Args) api.UpdateOptions {
	return api.UpdateOptions{
		AddToLoginIDs: a.Bool("add_to_login_ids"), OnMergeUseExisting: a.Bool("on_merge_use_existing"),
		FailOnConflict: a.Bool("fail_on_conflict"), MFA: a.Bool("mfa"), TemplateOptions: a.Strings("template_options"),
		TemplateID: a.String("template_id"), Locale: a.String("locale"), ProviderID: a.String("provider_id"),
	}
}

func writeUpdatePhone(a steps.Args, b []byte) ([]byte, error) {
	return api.UpdatePhoneRequest{Identity: identity(a), Redirect: redirect(a), Phone: a.String("phone"), UpdateOptions: updateOptions(a)}.AppendJSON(b)
}

func writeUpdateEmail(a steps.Args, b []byte) ([]byte, error) {
	return api.UpdateEmailRequest{Identity: identity(a), Redirect: redirect(a), Email: a.String("email"), UpdateOptions: updateOptions(a)}.AppendJSON(b)
}
