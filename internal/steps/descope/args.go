package descope

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/steps"
)

// The arguments that several kinds share. Those that are secret never echo.

func bearerArg() steps.Arg {
	return steps.Arg{Name: "bearer", Type: cty.String, Sensitive: true,
		Doc: "What follows `Bearer` in the Authorization header, instead of what the step composes. Empty sends no such header. For tests of refusals."}
}

func refreshArg(doc string) steps.Arg {
	return steps.Arg{Name: "refresh_jwt", Type: cty.String, Sensitive: true, Doc: doc}
}

const refreshDoc = "Refresh JWT of the signed-in user. Left out, the request goes without one, so that its refusal can be tested."

func loginArg() steps.Arg {
	a := textArg("login_id", "The user: a login ID, as given.")
	a.Required = true
	return a
}

func methodArg(methods ...string) steps.Arg {
	return steps.Arg{Name: "method", Type: cty.String, Default: cty.StringVal("sms"), OneOf: methods, Echo: true, Doc: "How the message is delivered."}
}

func textArg(name, doc string) steps.Arg {
	return steps.Arg{Name: name, Type: cty.String, Echo: true, Doc: doc}
}

func flagArg(name, doc string) steps.Arg {
	return steps.Arg{Name: name, Type: cty.Bool, Echo: true, Doc: doc}
}

func countArg(name, doc string) steps.Arg {
	return steps.Arg{Name: name, Type: cty.Number, Echo: true, Doc: doc}
}

func textsArg(name, doc string) steps.Arg {
	return steps.Arg{Name: name, Type: cty.List(cty.String), Echo: true, Doc: doc}
}

func objectArg(name, doc string) steps.Arg {
	return steps.Arg{Name: name, Type: cty.DynamicPseudoType, Echo: true, Doc: doc}
}

func templateArg() steps.Arg {
	return steps.Arg{Name: "template_options", Type: cty.Map(cty.String), Echo: true, Doc: "Values for the message template, texts by name."}
}

func redirectArg() steps.Arg {
	return textArg("redirect_url", "Where the link leads. Left out, the project's own setting. Sent as `URI`, as the vendor's SDKs do.")
}

func providerArg() steps.Arg {
	return textArg("provider_id", "Messaging connector to use instead of the project's.")
}

func loginOptionsArg() steps.Arg {
	return objectArg("login_options", "Object of "+namesOf(loginOptions)+".")
}

func signUpOptionsArg() steps.Arg {
	return objectArg("login_options", "Object of "+namesOf(signUpOptions)+".")
}

func userArg() steps.Arg {
	return objectArg("user", "Object of "+namesOf(signUpUser)+".")
}

// signInArgs are those of sign-in and sign-up-or-in; a link has a redirect.
func signInArgs(redirect bool, methods ...string) []steps.Arg {
	args := []steps.Arg{loginArg(), methodArg(methods...)}
	if redirect {
		args = append(args, redirectArg())
	}
	return append(args, loginOptionsArg(), providerArg(),
		textArg("sso_app_id", "Federated application that the sign-in is for."),
		flagArg("use_recovery", "Send to the recovery address."),
		refreshArg("Refresh JWT of the signed-in user, which `stepup` and `mfa` need."))
}

func signUpArgs(redirect bool, methods ...string) []steps.Arg {
	args := []steps.Arg{loginArg(), methodArg(methods...)}
	if redirect {
		args = append(args, redirectArg())
	}
	return append(args,
		textArg("phone", "Number to send to. Left out, the user's, else the login ID."),
		textArg("email", "Address to send to. Left out, the user's, else the login ID."),
		textArg("whatsapp", "WhatsApp number to send to. Left out, `phone`."),
		userArg(), signUpOptionsArg(), providerArg())
}

// updateArgs are those of update phone and update email; contact is one of the two.
func updateArgs(redirect bool, contact steps.Arg, methods ...string) []steps.Arg {
	contact.Required = true
	args := []steps.Arg{loginArg(), contact}
	if len(methods) > 0 {
		args = append(args, methodArg(methods...))
	}
	if redirect {
		args = append(args, redirectArg())
	}
	return append(args, refreshArg(refreshDoc),
		flagArg("add_to_login_ids", "Make the contact a login ID of the user once it is verified."),
		flagArg("on_merge_use_existing", "If another user owns that login ID, keep that user instead of this one."),
		flagArg("fail_on_conflict", "Refuse instead of merging if another user owns that login ID."),
		flagArg("mfa", "Keep the factors of the session. It has an effect on updates by one-time code alone."),
		templateArg(),
		textArg("template_id", "Message template to use instead of the project's."),
		textArg("locale", "Language of the message."),
		providerArg())
}
