package descope

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

// member is one key of an object argument: its name in the language, its type, and
// where it goes on the wire.
type member[T any] struct {
	name string
	typ  cty.Type
	set  func(*T, cty.Value)
}

func text[T any](name string, at func(*T) *string) member[T] {
	return member[T]{name, cty.String, func(t *T, v cty.Value) { *at(t) = v.AsString() }}
}

func flag[T any](name string, at func(*T) *bool) member[T] {
	return member[T]{name, cty.Bool, func(t *T, v cty.Value) { *at(t) = v.True() }}
}

func texts[T any](name string, at func(*T) *[]string) member[T] {
	return member[T]{name, cty.List(cty.String), func(t *T, v cty.Value) { *at(t) = stringsOf(v) }}
}

func textMap[T any](name string, at func(*T) *map[string]string) member[T] {
	return member[T]{name, cty.Map(cty.String), func(t *T, v cty.Value) { *at(t) = steps.TextsOf(v) }}
}

func free[T any](name string, at func(*T) *map[string]any) member[T] {
	return member[T]{name, cty.DynamicPseudoType, func(t *T, v cty.Value) { *at(t), _ = plain(v).(map[string]any) }}
}

type options = api.LoginOptions

// signUpOptions are the login options that a sign-up takes, loginOptions all.
var (
	signUpOptions = []member[options]{
		free("custom_claims", func(o *options) *map[string]any { return &o.CustomClaims }),
		textMap("template_options", func(o *options) *map[string]string { return &o.TemplateOptions }),
		text("template_id", func(o *options) *string { return &o.TemplateID }),
		text("locale", func(o *options) *string { return &o.Locale }),
		text("pkce_challenge", func(o *options) *string { return &o.PKCEChallenge }),
		text("tenant_id", func(o *options) *string { return &o.TenantID }),
	}
	loginOptions = append([]member[options]{
		flag("stepup", func(o *options) *bool { return &o.StepUp }),
		flag("mfa", func(o *options) *bool { return &o.MFA }),
		text("sso_app_id", func(o *options) *string { return &o.SSOAppID }),
		flag("revoke_other_sessions", func(o *options) *bool { return &o.RevokeOtherSessions }),
		texts("revoke_other_sessions_types", func(o *options) *[]string { return &o.RevokeOtherSessionsTypes }),
	}, signUpOptions...)
	signUpUser = []member[api.SignUpUser]{
		text("login_id", func(u *api.SignUpUser) *string { return &u.LoginID }),
		text("name", func(u *api.SignUpUser) *string { return &u.Name }),
		text("phone", func(u *api.SignUpUser) *string { return &u.Phone }),
		text("email", func(u *api.SignUpUser) *string { return &u.Email }),
		text("given_name", func(u *api.SignUpUser) *string { return &u.GivenName }),
		text("middle_name", func(u *api.SignUpUser) *string { return &u.MiddleName }),
		text("family_name", func(u *api.SignUpUser) *string { return &u.FamilyName }),
		text("recovery_email", func(u *api.SignUpUser) *string { return &u.RecoveryEmail }),
		text("recovery_phone", func(u *api.SignUpUser) *string { return &u.RecoveryPhone }),
	}
	userTenant = []member[api.UserTenant]{
		text("tenant_id", func(t *api.UserTenant) *string { return &t.TenantID }),
		text("tenant_name", func(t *api.UserTenant) *string { return &t.TenantName }),
		texts("role_names", func(t *api.UserTenant) *[]string { return &t.RoleNames }),
		texts("permissions", func(t *api.UserTenant) *[]string { return &t.Permissions }),
	}
)

// object reads the argument arg as an object of members, nil when it is absent. It
// reports every key that is unknown or has a value of the wrong type; what is not
// known yet passes.
func object[T any](a steps.Args, arg string, members []member[T]) (*T, []steps.Problem) {
	if !a.Has(arg) {
		return nil, nil
	}
	return objectOf(a.Value(arg), arg, members)
}

func objectOf[T any](v cty.Value, arg string, members []member[T]) (*T, []steps.Problem) {
	if !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return nil, []steps.Problem{{Arg: arg, Detail: fmt.Sprintf("This is %s where an object belongs. Give an object of %s.", v.Type().FriendlyName(), namesOf(members))}}
	}
	var out T
	var problems []steps.Problem
	for it := v.ElementIterator(); it.Next(); {
		key, value := it.Element()
		name := key.AsString()
		i := slices.IndexFunc(members, func(m member[T]) bool { return m.name == name })
		if i < 0 {
			problems = append(problems, steps.Problem{Arg: arg, Detail: fmt.Sprintf("There is no key %q.%s Use one of %s.", name, suggest(name, members), namesOf(members))})
			continue
		}
		if !value.IsWhollyKnown() || value.IsNull() {
			continue
		}
		if p := members[i].put(&out, value); p != "" {
			problems = append(problems, steps.Problem{Arg: arg, Detail: fmt.Sprintf("The key %q %s.", name, p)})
		}
	}
	return &out, problems
}

// put sets the member and gives what is wrong with the value, or nothing.
func (m member[T]) put(out *T, v cty.Value) string {
	if m.typ == cty.DynamicPseudoType {
		if !v.Type().IsObjectType() && !v.Type().IsMapType() {
			return "must be an object, not " + v.Type().FriendlyName()
		}
		m.set(out, v)
		return ""
	}
	converted, err := convert.Convert(v, m.typ)
	if err != nil || hasNull(converted) {
		return "must be " + m.typ.FriendlyName() + ", not " + v.Type().FriendlyName()
	}
	m.set(out, converted)
	return ""
}

// hasNull reports whether an element of a list or a map is null.
func hasNull(v cty.Value) bool {
	if !v.CanIterateElements() {
		return false
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); e.IsNull() {
			return true
		}
	}
	return false
}

func namesOf[T any](members []member[T]) string {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = "`" + m.name + "`"
	}
	return strings.Join(names, ", ")
}

func suggest[T any](word string, members []member[T]) string {
	best, distance := "", 3
	for _, m := range members {
		if d := levenshtein.Distance(word, m.name, nil); d < distance && d < len(word) {
			best, distance = m.name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", best)
}

// freeObject reads an argument that may be any object, nil when it is absent.
func freeObject(a steps.Args, arg string) (map[string]any, []steps.Problem) {
	if !a.Has(arg) {
		return nil, nil
	}
	v := a.Value(arg)
	if !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return nil, []steps.Problem{{Arg: arg, Detail: fmt.Sprintf("This is %s. Give an object.", v.Type().FriendlyName())}}
	}
	if !v.IsWhollyKnown() {
		return nil, nil
	}
	m, _ := plain(v).(map[string]any)
	return m, nil
}
