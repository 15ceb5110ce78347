package descope_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
)

// requests is every request body.
func requests() []any {
	return []any{
		descope.AuditSearchRequest{}, descope.CreateUserRequest{}, descope.CreateUsersRequest{}, descope.DeleteUsersRequest{},
		descope.EmbeddedSignInRequest{}, descope.EmbeddedSignUpRequest{}, descope.GenerateRequest{}, descope.LoadUsersRequest{},
		descope.LogoutRequest{}, descope.PatchUserRequest{}, descope.PatchUsersRequest{}, descope.PendingSessionRequest{},
		descope.RefreshRequest{}, descope.SearchUsersRequest{}, descope.SignInRequest{}, descope.SignUpRequest{},
		descope.UpdateEmailRequest{}, descope.UpdateLoginIDRequest{}, descope.UpdatePhoneRequest{}, descope.UpdateUserEmailRequest{},
		descope.UpdateUserPhoneRequest{}, descope.UpdateUserStatusRequest{}, descope.UserRequest{}, descope.VerifyCodeRequest{},
		descope.VerifyEnchantedLinkRequest{}, descope.VerifyLinkRequest{},
	}
}

// fieldsOf calls with each field of a request that has a name, and with the names that
// stand beside it.
func fieldsOf(t reflect.Type, visit func(in reflect.Type, f reflect.StructField, name string, beside map[string]bool)) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return
	}
	beside := map[string]bool{}
	nameOf := func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	}
	for _, f := range reflect.VisibleFields(t) {
		beside[nameOf(f)] = true
	}
	for _, f := range reflect.VisibleFields(t) {
		if name := nameOf(f); name != "" {
			visit(t, f, name, beside)
			fieldsOf(f.Type, visit)
		}
	}
}

func TestRequestsAreAllListed(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	for _, r := range requests() {
		listed[reflect.TypeOf(r).Name()] = true
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if declared, ok := n.(*ast.TypeSpec); ok && strings.HasSuffix(declared.Name.Name, "Request") && !listed[declared.Name.Name] {
				t.Errorf("%s is not listed", declared.Name.Name)
			}
			return true
		})
	}
}

// The API takes either of two names for some fields.
func TestDualNames(t *testing.T) {
	t.Parallel()
	twins := map[string]string{}
	for _, pair := range [][2]string{
		{"URI", "redirectUrl"}, {"loginId", "identifier"}, {"displayName", "name"}, {"additionalLoginIds", "additionalIdentifiers"}, {"ssoAppIDs", "ssoAppIds"},
	} {
		twins[pair[0]], twins[pair[1]] = pair[1], pair[0]
	}
	for _, r := range requests() {
		fieldsOf(reflect.TypeOf(r), func(in reflect.Type, _ reflect.StructField, name string, beside map[string]bool) {
			if in == reflect.TypeFor[descope.SignUpUser]() && name == "loginId" {
				return // the login ID stands in the request itself; nobody reads this one
			}
			if twin := twins[name]; twin != "" && !beside[twin] {
				t.Errorf("%T: %s takes %s and not %s", r, in.Name(), name, twin)
			}
		})
	}
}

// Every whole number of 64 bits may come as text.
func TestInt64MayBeText(t *testing.T) {
	t.Parallel()
	for _, r := range requests() {
		fieldsOf(reflect.TypeOf(r), func(in reflect.Type, f reflect.StructField, name string, _ map[string]bool) {
			if k := f.Type.Kind(); (k == reflect.Int64 || k == reflect.Uint64 || k == reflect.Int) && f.Type != reflect.TypeFor[descope.Int64]() {
				t.Errorf("%s.%s is a %s", in.Name(), name, f.Type)
			}
		})
	}
	for text, want := range map[string]descope.Int64{
		`5`: 5, `"5"`: 5, `-5`: -5, `"-5"`: -5, `"\u0035"`: 5, `"9223372036854775807"`: 1<<63 - 1, `null`: 7,
	} {
		got := struct{ From descope.Int64 }{7}
		if err := json.Unmarshal([]byte(`{"From":`+text+`}`), &got); err != nil || got.From != want {
			t.Errorf("%s: %d, %v, want %d", text, got.From, err, want)
		}
	}
	for _, text := range []string{`""`, `"+5"`, `"5 "`, `"x"`, `5.5`, `"5.5"`, `9223372036854775808`, `true`, `[5]`, `{}`} {
		var got descope.SearchUsersRequest
		err := json.Unmarshal([]byte(`{"fromCreatedTime":`+text+`}`), &got)
		if mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok || mistyped.Field != "fromCreatedTime" {
			t.Errorf("%s: %v", text, err)
		}
	}
}
