package descope_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/descope"
)

// canned answers every request with the same bytes, so that a benchmark measures what
// a kind itself costs.
type canned struct{ response client.Response }

func (c *canned) Do(context.Context, *client.Request) (*client.Response, error) {
	r := c.response
	return &r, nil
}

func (*canned) Close() {}

// madeUp is a token with these claims and no signature.
func madeUp(claims string) string {
	e := base64.RawURLEncoding.EncodeToString
	return e([]byte(`{"alg":"ES256","kid":"SK1","typ":"JWT"}`)) + "." + e([]byte(claims)) + "." + strings.Repeat("s", 86)
}

// signIn is the answer to a verification: some 2 kB, as the service sends it.
func signIn() string {
	claims := `{"amr":["sms"],"drn":"DS","exp":1772366400,"iat":1772365800,"iss":"P2abcdefghijklmnopqrstuvwxyz0","rexp":"2026-03-29T12:00:00Z",` +
		`"sub":"U2abcdefghijklmnopqrstuvwxyz0","sid":"S2abcdefghijklmnopqrstuvwxyz0","jti":"J2abcdefghijklmnopqrstuvwxyz0","tenants":{"T1":{"roles":["a"]}}}`
	return `{"sessionJwt":"` + madeUp(claims) + `","refreshJwt":"` + madeUp(strings.Replace(claims, "1772366400", "1774785600", 1)) + `",` +
		`"cookieDomain":"","cookiePath":"/","cookieMaxAge":2419199,"cookieExpiration":1774785600,"user":{"loginIds":["authbench+0198@example.test"],` +
		`"userId":"U2abcdefghijklmnopqrstuvwxyz0","name":"Ada","email":"authbench+0198@example.test","phone":"+15555550101","verifiedEmail":true,` +
		`"verifiedPhone":true,"roleNames":[],"userTenants":[{"tenantId":"T1","roleNames":["a"]}],"status":"enabled","externalIds":["x"],"picture":"",` +
		`"test":false,"customAttributes":{"tier":1,"tags":["x",{"y":null}]},"createdTime":1772365800,"TOTP":false,"SAML":false,"SCIM":false,"OIDC":false,` +
		`"webauthn":false,"password":false,"push":false,"OAuth":{},"ssoAppIds":[],"editable":true,"permissions":[],"consentExpiration":0,` +
		`"recoveryEmail":"","recoveryPhone":"","verifiedRecoveryEmail":false,"verifiedRecoveryPhone":false,"givenName":"","middleName":"","familyName":""},` +
		`"firstSeen":true,"sessionExpiration":1772366400,"nextRefreshSeconds":598,"idpResponse":{}}`
}

// BenchmarkKind is an attempt of a kind without the network: the request built, the
// answer read, and what later steps refer to taken out of it.
func BenchmarkKind(b *testing.B) {
	kinds := map[string]*steps.Kind{}
	for _, k := range descope.Kinds() {
		kinds[strings.TrimPrefix(k.Name, "descope_")] = k
	}
	type path struct {
		name  string
		below []string
	}
	for _, bm := range []struct {
		kind, body string
		args       map[string]cty.Value
		refer      []path
	}{
		{"otp_verify", signIn(), map[string]cty.Value{"login_id": text("authbench+0198@example.test"), "method": text("email"), "code": text("123456")},
			[]path{{"refresh_jwt", nil}, {"user", []string{"user_id"}}}},
		{"magiclink_sign_up_or_in", `{"maskedPhone":"+1********01"}`, map[string]cty.Value{"login_id": text("+15555550101"), "method": text("sms"), "redirect_url": text("https://app.example.test/verify")},
			[]path{{"masked_phone", nil}}},
		{"otp_update_phone", `{"maskedPhone":"+1********01","verificationAttempts":3}`, map[string]cty.Value{"login_id": text("authbench+0198@example.test"), "phone": text("+15555550101"), "method": text("sms"), "refresh_jwt": text(madeUp(`{"a":1}`))},
			[]path{{"masked_phone", nil}}},
		{"user_load", `{"user":{"userId":"U1","phone":"+1"}}`, map[string]cty.Value{"login_id": text("authbench+0198@example.test")},
			[]path{{"user", []string{"phone"}}}},
	} {
		b.Run(bm.kind, func(b *testing.B) {
			c := &canned{client.Response{Status: http.StatusOK, Body: []byte(bm.body), Header: client.Header{
				{Name: "Date", Value: "Sun, 01 Mar 2026 12:00:00 GMT"}, {Name: "Content-Type", Value: "application/json"},
				{Name: "Content-Length", Value: "2048"}, {Name: "Cf-Ray", Value: "8f1-FRA"},
			}}}
			conn, err := descope.Provider().Connect(c, steps.ArgsOf(map[string]cty.Value{
				"base_url": text("http://127.0.0.1:8787"), "project_id": text("P2abcdefghijklmnopqrstuvwxyz0"), "management_key": text("K2secret"),
			}))
			if err != nil {
				b.Fatal(err)
			}
			k := kinds[bm.kind]
			args := steps.NewArgs(k.Args)
			for name, v := range bm.args {
				args.Set(name, eval.Of(v))
			}
			var env steps.Env
			b.ReportAllocs()
			for b.Loop() {
				env.Reset()
				env.Conn = conn
				r := k.Attempt(b.Context(), &env, args)
				if !r.OK {
					b.Fatal(r.Message)
				}
				for _, p := range bm.refer {
					if _, ok := r.Values.At(p.name, p.below); !ok {
						b.Fatalf("%s is not to be had", p.name)
					}
				}
			}
		})
	}
}
