package descope

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

func createKind() *steps.Kind {
	return verb{
		name: "descope_user_create", doc: "Creates a user, or a test user, whose codes and links can be generated instead of sent.",
		credential: management, path: api.PathUserCreate, pathOf: createPath, body: createBody, sends: invitation,
		results: []steps.Attr{userResult, {Name: "created", Type: cty.Bool, Doc: "False if the user was there before; null if the answer does not say."}},
		read:    readCreated,
		args: []steps.Arg{
			loginArg(),
			textArg("email", "Email address."), textArg("phone", "Phone number."),
			flagArg("verified_email", "Take the address as verified."), flagArg("verified_phone", "Take the number as verified."),
			textArg("name", "Display name."), textArg("given_name", "Given name."),
			textArg("middle_name", "Middle name."), textArg("family_name", "Family name."),
			textsArg("role_names", "Roles in the project."),
			objectArg("user_tenants", "List of objects of "+namesOf(userTenant)+"."),
			objectArg("custom_attributes", "Object of the project's own attributes."),
			textArg("picture", "Address of a picture."),
			textsArg("additional_login_ids", "Further login IDs."),
			textsArg("sso_app_ids", "Federated applications of the user."),
			flagArg("invite", "Send an invitation."), textArg("invite_url", "Where the invitation leads."),
			flagArg("send_mail", "Invite by mail."), flagArg("send_sms", "Invite by SMS."),
			flagArg("test", "Create a test user."),
			// It does not echo: every result has a status of its own.
			{Name: "status", Type: cty.String, Doc: "First status of the user."},
			{Name: "password", Type: cty.String, Sensitive: true, Doc: "First password."},
			{Name: "hashed_password", Type: cty.DynamicPseudoType, Sensitive: true, Doc: "Object of a password hash, as the API takes it."},
			templateArg(),
			textArg("recovery_email", "Recovery address."), textArg("recovery_phone", "Recovery number."),
		},
	}.kind()
}

func createPath(a steps.Args) string {
	if a.Bool("test") {
		return api.PathTestUserCreate
	}
	return api.PathUserCreate
}

// invitation is the message that creating a user sends.
func invitation(a steps.Args) string {
	switch {
	case !a.Bool("invite"):
		return ""
	case a.Bool("send_sms"):
		return string(api.MethodSMS)
	default:
		return string(api.MethodEmail)
	}
}

func createBody(a steps.Args) (any, []steps.Problem) {
	attributes, problems := freeObject(a, "custom_attributes")
	hashed, more := freeObject(a, "hashed_password")
	tenants, evenMore := tenantList(a)
	return api.CreateUserRequest{
		Identity: identity(a), Email: a.String("email"), Phone: a.String("phone"),
		VerifiedEmail: optional(a, "verified_email"), VerifiedPhone: optional(a, "verified_phone"),
		Name: a.String("name"), GivenName: a.String("given_name"), MiddleName: a.String("middle_name"), FamilyName: a.String("family_name"),
		RoleNames: stringsOf(a.Value("role_names")), UserTenants: tenants, CustomAttributes: attributes,
		Picture: a.String("picture"), AdditionalLoginIDs: stringsOf(a.Value("additional_login_ids")),
		SSOAppIDs: stringsOf(a.Value("sso_app_ids")), Invite: a.Bool("invite"), InviteURL: a.String("invite_url"),
		SendMail: optional(a, "send_mail"), SendSMS: optional(a, "send_sms"), Test: a.Bool("test"), Status: a.String("status"),
		Password: a.String("password"), HashedPassword: hashed, TemplateOptions: a.Strings("template_options"),
		RecoveryEmail: a.String("recovery_email"), RecoveryPhone: a.String("recovery_phone"),
	}, append(append(problems, more...), evenMore...)
}

// optional keeps false apart from absent.
func optional(a steps.Args, name string) *bool {
	if !a.Has(name) {
		return nil
	}
	b := a.Bool(name)
	return &b
}

func tenantList(a steps.Args) (out []api.UserTenant, problems []steps.Problem) {
	const arg = "user_tenants"
	if !a.Has(arg) {
		return nil, nil
	}
	v := a.Value(arg)
	if t := v.Type(); !t.IsTupleType() && !t.IsListType() && !t.IsSetType() {
		return nil, []steps.Problem{{Arg: arg, Detail: fmt.Sprintf("This is %s. Give a list of objects.", t.FriendlyName())}}
	}
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if !e.IsKnown() || e.IsNull() {
			continue
		}
		tenant, more := objectOf(e, arg, userTenant)
		problems = append(problems, more...)
		if tenant != nil {
			out = append(out, *tenant)
		}
	}
	return out, problems
}
