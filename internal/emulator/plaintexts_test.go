package emulator

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

// requests gives one empty request of each kind that plainTexts reads.
func requests() []any {
	return []any{
		&descope.SignInRequest{}, &descope.VerifyLinkRequest{}, &descope.VerifyCodeRequest{},
		&descope.UpdatePhoneRequest{}, &descope.UpdateEmailRequest{},
	}
}

func TestPlainTextsAreRead(t *testing.T) {
	t.Parallel()
	var in descope.UpdatePhoneRequest
	body := " {\"loginId\" : \"a@b.test\",\n\"phone\":\"+15555550101\",\"URI\":\"https://a.test/?x=1&y={}\"}\t"
	want := descope.UpdatePhoneRequest{
		Identity: descope.Identity{LoginID: "a@b.test"}, Redirect: descope.Redirect{URI: "https://a.test/?x=1&y={}"}, Phone: "+15555550101",
	}
	if !plainTexts([]byte(body), &in) {
		t.Fatal("the body is not read")
	}
	if diff := cmp.Diff(in, want); diff != "" {
		t.Errorf("request (-got +want):\n%s", diff)
	}
	for _, body := range []string{
		"", "null", "[]", `{"phone"}`, `{"phone":}`, `{"phone":"1",}`, `{"phone":"1"`, `{"phone":"1"} {}`, `{,}`, `{"phone":"1" "loginId":"2"}`,
		`{"phone":1}`, `{"phone":null}`, `{"Phone":"1"}`, `{"other":"1"}`, `{"phone":"\u0031"}`, `{"ph\u006fne":"1"}`, "{\"phone\":\"\xff\"}", `{"phone":"é"}`,
		"{\"phone\":\"1\"}\x00", "\x00{}", `{"mfa":true}`, `{"phone":"1","phone":"1"}`, `{"phone":"","phone":"1"}`,
	} {
		in := descope.UpdatePhoneRequest{}
		if plainTexts([]byte(body), &in) || !reflect.ValueOf(in).IsZero() {
			t.Errorf("%q is read, as %+v", body, in)
		}
	}
}

// FuzzPlainTexts holds what is read against the whole way of decoding.
func FuzzPlainTexts(f *testing.F) {
	f.Add([]byte(`{"loginId":"a","identifier":"b","redirectUrl":"c","URI":"d","phone":"e","email":"f","code":"g","token":"h"}`))
	f.Add([]byte(` { "token" : "a" , "token" : "b" } `))
	f.Add([]byte(`{"providerId":"x","ssoAppId":"","loginId":"</script>"}`))
	f.Add([]byte(`{}`))
	f.Add([]byte("{\"token\":\"\x7f\"}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		for i, fast := range requests() {
			if !plainTexts(append([]byte(nil), body...), fast) {
				continue
			}
			slow := requests()[i]
			names := (&nameCache{}).of(slow)
			text := append([]byte(nil), body...)
			if !json.Valid(text) {
				t.Fatalf("%q is not JSON", body)
			}
			if other, twice := names.hideOthers(text); twice || other != nil {
				t.Fatalf("%q has a name twice, or one of no field", body)
			}
			if err := json.Unmarshal(text, slow); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fast, slow); diff != "" {
				t.Fatalf("%q (-fast +slow):\n%s", body, diff)
			}
		}
	})
}
