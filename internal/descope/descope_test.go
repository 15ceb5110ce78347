package descope_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

func TestBearer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		header string
		want   descope.Bearer
		bad    bool
	}{
		{header: "Bearer P1", want: descope.Bearer{Project: "P1"}},
		{header: "Bearer P1:a.b.c", want: descope.Bearer{Project: "P1", JWT: "a.b.c"}},
		{header: "Bearer P1:key", want: descope.Bearer{Project: "P1", Key: "key"}},
		{header: "Bearer P1:a.b.c:key", want: descope.Bearer{Project: "P1", JWT: "a.b.c", Key: "key"}},
		{header: "", bad: true},
		{header: "Bearer ", bad: true},
		{header: "bearer P1", bad: true},
		{header: "Basic P1", bad: true},
		{header: "Bearer P1:", bad: true},
		{header: "Bearer :key", bad: true},
		{header: "Bearer  P1", bad: true},
		{header: "Bearer P1:a.b.c:key:x", bad: true},
	}
	for _, tt := range tests {
		got, err := descope.ParseBearer(tt.header)
		if (err != nil) != tt.bad {
			t.Errorf("ParseBearer(%q): error %v, want error %v", tt.header, err, tt.bad)
			continue
		}
		if tt.bad {
			continue
		}
		if diff := cmp.Diff(got, tt.want); diff != "" {
			t.Errorf("ParseBearer(%q) (-got +want):\n%s", tt.header, diff)
		}
		if back := got.Header(); back != tt.header {
			t.Errorf("Header() = %q, want %q", back, tt.header)
		}
	}
}

func FuzzParseBearer(f *testing.F) {
	f.Add("Bearer P1:a.b.c:key")
	f.Fuzz(func(t *testing.T, header string) {
		b, err := descope.ParseBearer(header)
		if err == nil && b.Header() != header {
			t.Errorf("ParseBearer(%q).Header() = %q", header, b.Header())
		}
	})
}

func TestFailuresAreComplete(t *testing.T) {
	t.Parallel()
	for c := descope.BadRequest; c <= descope.Internal; c++ {
		f := c.Failure()
		if f.Status < 400 || f.Code == "" || f.Description == "" || f.Message == "" || f.Evidence == "" {
			t.Errorf("condition %d has an incomplete failure: %+v", c, f)
		}
	}
	if got, want := descope.Condition(-1).Failure(), descope.BadRequest.Failure(); got != want {
		t.Errorf("unknown condition = %+v, want %+v", got, want)
	}
}

// A client's body holds what was set and nothing else, and a server reads any
// of the names the API accepts.
func TestRequestNames(t *testing.T) {
	t.Parallel()
	body, err := json.Marshal(descope.UpdatePhoneRequest{
		Identity: descope.Identity{LoginID: "a"},
		Redirect: descope.Redirect{RedirectURL: "https://x.test"},
		Phone:    "+1",
		UpdateOptions: descope.UpdateOptions{
			AddToLoginIDs:   true,
			TemplateOptions: map[string]string{"k": "v"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"loginId":"a","redirectUrl":"https://x.test","phone":"+1","addToLoginIDs":true,"templateOptions":{"k":"v"}}`
	if diff := cmp.Diff(string(body), want); diff != "" {
		t.Errorf("body (-got +want):\n%s", diff)
	}

	var create descope.CreateUserRequest
	in := `{"identifier":"a","displayName":"A","additionalLoginIds":["b"],"additionalIdentifiers":["c"],"ssoAppIDs":["s"],"phone":null,"else":1}`
	if err := json.Unmarshal([]byte(in), &create); err != nil {
		t.Fatal(err)
	}
	if got, want := create.Login(), "a"; got != want {
		t.Errorf("Login() = %q, want %q", got, want)
	}
	if got, want := create.FullName(), "A"; got != want {
		t.Errorf("FullName() = %q, want %q", got, want)
	}
	if diff := cmp.Diff(create.MoreLoginIDs(), []string{"b", "c"}); diff != "" {
		t.Errorf("MoreLoginIDs (-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(create.SSOApps(), []string{"s"}); diff != "" {
		t.Errorf("SSOApps (-got +want):\n%s", diff)
	}

	var send descope.SignInRequest
	if err := json.Unmarshal([]byte(`{"redirectUrl":"https://a.test","URI":"https://b.test"}`), &send); err != nil {
		t.Fatal(err)
	}
	if got, want := send.Target(), "https://b.test"; got != want {
		t.Errorf("Target() = %q, want %q", got, want)
	}
}

func TestContact(t *testing.T) {
	t.Parallel()
	r := descope.SignUpRequest{
		Identity: descope.Identity{LoginID: "login"},
		Phone:    "+1", WhatsApp: "+2",
		User: &descope.SignUpUser{Email: "u@x.test"},
	}
	for method, want := range map[descope.Method]string{
		descope.MethodSMS: "+1", descope.MethodVoice: "+1", descope.MethodWhatsApp: "+2",
		descope.MethodIM: "+2", descope.MethodEmail: "u@x.test",
	} {
		if got := r.Contact(method); got != want {
			t.Errorf("Contact(%s) = %q, want %q", method, got, want)
		}
	}
	if got, want := (descope.SignUpRequest{Identity: r.Identity}).Contact(descope.MethodSMS), "login"; got != want {
		t.Errorf("Contact without a field = %q, want %q", got, want)
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	if got, want := descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS), "/v1/auth/otp/update/phone/sms"; got != want {
		t.Errorf("Path = %q, want %q", got, want)
	}
	if got, want := descope.KeysPath("P1"), "/v2/keys/P1"; got != want {
		t.Errorf("KeysPath = %q, want %q", got, want)
	}
	if !descope.ReservedClaim("sub") || descope.ReservedClaim("plan") {
		t.Error("ReservedClaim: sub must be reserved, plan must not")
	}
}
