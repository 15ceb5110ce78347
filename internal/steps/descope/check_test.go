package descope_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/descope"
)

func object(pairs ...any) cty.Value {
	m := map[string]cty.Value{}
	for i := 0; i < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		m[name], _ = pairs[i+1].(cty.Value)
	}
	return cty.ObjectVal(m)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	kinds := map[string]*steps.Kind{}
	for _, k := range descope.Kinds() {
		kinds[strings.TrimPrefix(k.Name, "descope_")] = k
	}
	who := steps.ArgsOf(map[string]cty.Value{"login_id": text("a"), "user_id": text("b")})
	tests := []struct {
		kind string
		args steps.Args
		want string // part of the only problem, empty for none
	}{
		{"otp_sign_in", steps.ArgsOf(map[string]cty.Value{"login_options": object("stepup", cty.True, "locale", text("de"))}), ""},
		{"otp_sign_in", steps.ArgsOf(map[string]cty.Value{"login_options": object("custom_claim", cty.EmptyObjectVal)}), `There is no key "custom_claim". Did you mean "custom_claims"?`},
		{"otp_sign_in", steps.ArgsOf(map[string]cty.Value{"login_options": object("locale", cty.EmptyTupleVal)}), `The key "locale" must be string`},
		{"otp_sign_in", steps.ArgsOf(map[string]cty.Value{"login_options": object("custom_claims", text("x"))}), `The key "custom_claims" must be an object`},
		{"otp_sign_in", steps.ArgsOf(map[string]cty.Value{"login_options": object("custom_claims", object("a", cty.DynamicVal))}), ""},
		{"otp_sign_in", steps.ArgsOf(map[string]cty.Value{"login_options": object("locale", cty.UnknownVal(cty.String), "tenant_id", cty.NullVal(cty.String))}), ""},
		{"otp_sign_in", steps.ArgsOf(map[string]cty.Value{"login_options": text("x")}), "an object belongs"},
		{"otp_sign_in", steps.ArgsOf(map[string]cty.Value{"login_options": cty.DynamicVal}), ""},
		{"otp_sign_up", steps.ArgsOf(map[string]cty.Value{"login_options": object("stepup", cty.True)}), `There is no key "stepup".`},
		{"otp_sign_up", steps.ArgsOf(map[string]cty.Value{"user": object("givenName", text("x"))}), `Did you mean "given_name"?`},
		{"embedded_link", steps.ArgsOf(map[string]cty.Value{"custom_claims": cty.EmptyTupleVal}), "Give an object."},
		{"embedded_link", steps.ArgsOf(map[string]cty.Value{"expires_in": text("0s")}), "whole seconds"},
		{"embedded_link", steps.ArgsOf(map[string]cty.Value{"expires_in": text("1000000h")}), "whole seconds"},
		{"user_load", steps.Args{}, "named 0 times"},
		{"user_load", who, "named 2 times"},
		{"user_load", steps.ArgsOf(map[string]cty.Value{"login_id": cty.UnknownVal(cty.String)}), ""},
		{"user_create", steps.ArgsOf(map[string]cty.Value{"user_tenants": cty.TupleVal([]cty.Value{object("tenant", text("x"))})}), `There is no key "tenant".`},
		{"user_create", steps.ArgsOf(map[string]cty.Value{"user_tenants": text("x")}), "Give a list of objects."},
		{"user_search", steps.ArgsOf(map[string]cty.Value{"limit": cty.NumberIntVal(-1)}), "Give a number from 0"},
		{"user_search", steps.ArgsOf(map[string]cty.Value{"sort": cty.StringVal("name")}), "not a list of fields"},
		{"user_search", steps.ArgsOf(map[string]cty.Value{"sort": cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"fild": cty.StringVal("name")})})}), "not a list of fields"},
	}
	for _, tt := range tests {
		problems := kinds[tt.kind].Check(tt.args)
		if tt.want == "" && len(problems) > 0 || tt.want != "" && (len(problems) != 1 || !strings.Contains(problems[0].Detail, tt.want)) {
			t.Errorf("%s %#v: problems %+v, want %q", tt.kind, tt.args, problems, tt.want)
		}
	}
}

func TestKindsOfTheReference(t *testing.T) {
	t.Parallel()
	var got []string
	for _, k := range descope.Kinds() {
		got = append(got, strings.TrimPrefix(k.Name, "descope_"))
	}
	want := []string{
		"magiclink_sign_up", "magiclink_sign_in", "magiclink_sign_up_or_in", "magiclink_update_phone", "magiclink_update_email", "magiclink_verify",
		"otp_sign_up", "otp_sign_in", "otp_sign_up_or_in", "otp_update_phone", "otp_update_email", "otp_verify",
		"embedded_link", "embedded_link_sign_up",
		"me", "refresh", "logout", "logout_all", "session_validate",
		"user_create", "user_load", "user_search", "user_update_phone", "user_delete", "user_logout",
		"test_user_generate_otp", "test_user_generate_magiclink",
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("kinds (-got +want):\n%s", diff)
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	regional := "Peuc1" + strings.Repeat("x", 27)
	tests := []struct{ base, project, want string }{
		{"", "P1", "https://api.descope.com"},
		{descope.DefaultBaseURL, "P" + strings.Repeat("x", 27), "https://api.descope.com"},
		{descope.DefaultBaseURL + "/", regional, "https://api.euc1.descope.com"},
		{"http://127.0.0.1:8787/", regional, "http://127.0.0.1:8787"},
		{"https://auth.example.com/x", "P1", "https://auth.example.com/x"},
		{"emulator", "P1", ""},
		{"ftp://x", "P1", ""},
		{"https://user:secret@x", "P1", ""},
		{"https://x?y", "P1", ""},
	}
	for _, tt := range tests {
		got, err := descope.BaseURL(tt.base, tt.project)
		if got != tt.want || (err != nil) != (tt.want == "") || err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("BaseURL(%q, %q) = %q, %v, want %q", tt.base, tt.project, got, err, tt.want)
		}
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	w, i := newWorld(t), newIssuer(t)
	for name, tt := range map[string]struct {
		conn any
		want bool
	}{"emulator": {w.conn, true}, "another service": {i.conn, false}} {
		if got, err := descope.Provider().Probe(t.Context(), tt.conn); err != nil || got != tt.want {
			t.Errorf("%s: probe gives %v, %v, want %v", name, got, err, tt.want)
		}
	}
}

// Limits are declared by class and by identifier.
func TestClassesAndIdentifiers(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, k := range descope.Kinds() {
		if !slices.Contains(steps.Classes(), k.Class) {
			t.Errorf("%s has the class %q", k.Name, k.Class)
		}
		got[strings.TrimPrefix(k.Name, "descope_")] = k.Class + ": " + strings.Join(k.Identifiers, ", ")
	}
	for name, want := range map[string]string{
		"otp_sign_in": "send: login_id", "magiclink_sign_up": "send: login_id", "otp_update_phone": "send: phone, login_id", "magiclink_update_email": "send: email, login_id",
		"otp_verify": "verify: login_id", "magiclink_verify": "verify: ", "refresh": "session: ", "session_validate": "session: ", "embedded_link": "management: login_id",
		"user_create": "management: login_id", "user_update_phone": "management: login_id", "user_load": "management: login_id, user_id", "user_search": "management: ",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	k := kindOf(t, "otp_update_phone")
	if who := k.Identity(steps.ArgsOf(map[string]cty.Value{"login_id": text("a"), "phone": text("+1")})); who != "+1" {
		t.Errorf("the request is for %q", who)
	}
}

func kindOf(t *testing.T, name string) *steps.Kind {
	t.Helper()
	for _, k := range descope.Kinds() {
		if k.Name == "descope_"+name {
			return k
		}
	}
	t.Fatalf("no kind %q", name)
	return nil
}
