package descope_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/descope"
)

// answered runs a kind against a server that answers each request like this.
func answered(t *testing.T, kind string, args steps.Args, h http.HandlerFunc) steps.Reply {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, err := client.New(client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	conn, err := descope.Provider().Connect(c, steps.ArgsOf(map[string]cty.Value{"base_url": cty.StringVal(s.URL), "project_id": cty.StringVal("P1")}))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range descope.Kinds() {
		if k.Name == "descope_"+kind {
			return k.Run(t.Context(), &steps.Env{Conn: conn}, args)
		}
	}
	t.Fatalf("no kind %q", kind)
	return steps.Reply{}
}

func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestUnusableAnswers(t *testing.T) {
	t.Parallel()
	jwt := signed(t, newKey(t), "k1", `{"sub":"U1"}`)
	token, login := steps.ArgsOf(map[string]cty.Value{"token": text("t")}), steps.ArgsOf(map[string]cty.Value{"login_id": text("a"), "method": text("sms")})
	tests := []struct {
		kind   string
		args   steps.Args
		status int
		body   string
		want   string // part of the message, empty for a success
		reason result.Reason
	}{
		{"magiclink_verify", token, 200, `{"sessionJwt":"` + jwt + `","refreshJwt":"` + jwt + `","user":{"userId":"U1"},"unknown":[1]}`, "", ""},
		{"magiclink_verify", token, 200, `{"sessionJwt":"` + jwt + `","refreshJwt":"` + jwt + `","user":null,"claims":null}`, "", ""},
		{"magiclink_verify", token, 200, `{}`, "no session JWT", result.ReasonOther},
		{"magiclink_verify", token, 200, `{"sessionJwt":"` + jwt + `"}`, "no refresh JWT", result.ReasonOther},
		{"magiclink_verify", token, 200, `{"sessionJwt":"a.b.c","refreshJwt":"x"}`, "not one", result.ReasonTokenInvalid},
		{"magiclink_verify", token, 200, `{"sessionJwt":12345}`, "field sessionJwt is a JSON number", result.ReasonOther},
		{"magiclink_verify", token, 200, `{"cookieMaxAge":"1"}`, "field cookieMaxAge is a JSON string", result.ReasonOther},
		{"magiclink_verify", token, 200, `[]`, "a JSON array where an object belongs", result.ReasonOther},
		{"refresh", steps.Args{}, 200, `{"sessionJwt":"` + jwt + `"}`, "", ""},
		{"refresh", steps.Args{}, 200, `null`, "no session JWT", result.ReasonOther},
		{"otp_sign_in", login, 200, `{}`, "", ""},
		{"otp_sign_in", login, 200, `{"maskedPhone":7}`, "field maskedPhone", result.ReasonOther},
		{"embedded_link", login, 200, `{}`, "no token", result.ReasonOther},
		{"test_user_generate_otp", login, 200, `{}`, "no code", result.ReasonOther},
		{"test_user_generate_magiclink", login, 200, `{"link":"https://x/?u=1"}`, "no parameter t", result.ReasonOther},
		{"test_user_generate_magiclink", login, 200, `{"link":"%zz"}`, "not a URL", result.ReasonOther},
		{"me", steps.Args{}, 200, `{"user":{"userId":"U1"}}`, "no user", result.ReasonOther},
		{"user_load", login, 200, `{"userId":"U1"}`, "no user", result.ReasonOther},
		{"logout", steps.Args{}, 200, ``, "empty", result.ReasonOther},
		{"logout", steps.Args{}, 200, `{}`, "", ""},
		{"otp_sign_in", login, 400, `{"errorCode":""}`, "names no errorCode", result.ReasonOther},
		{"otp_sign_in", login, 400, `{"errorCode":7}`, "field errorCode", result.ReasonOther},
		{"otp_sign_in", login, 400, `{"errorCode":"E011003","errorDescription":"bad","message":"why"}`, "HTTP 400 E011003: bad: why", result.ReasonHTTP4xx},
		{"otp_sign_in", login, 401, `{"errorCode":"E061104"}`, "E061104", result.ReasonCodeRejected},
		{"magiclink_verify", token, 401, `{"errorCode":"E063010"}`, "E063010", result.ReasonTokenInvalid},
		{"otp_sign_in", login, 500, `{"errorCode":"E999999"}`, "HTTP 500 E999999", result.ReasonHTTP5xx},
		{"otp_sign_in", login, 429, `slow down`, "HTTP 429 without", result.ReasonRateLimited},
	}
	for _, tt := range tests {
		r := answered(t, tt.kind, tt.args, say(tt.status, tt.body))
		if tt.want == "" {
			if !r.OK {
				t.Errorf("%s %s: %s", tt.kind, tt.body, r.Message)
			}
			continue
		}
		if r.OK || r.Unjudged || r.Reason != tt.reason || !strings.Contains(r.Message, tt.want) || strings.Contains(r.Message, "12345") {
			t.Errorf("%s %s: ok %v, reason %q, message %q, want %q, %q", tt.kind, tt.body, r.OK, r.Reason, r.Message, tt.reason, tt.want)
		}
	}
}

func TestTokensInCookies(t *testing.T) {
	t.Parallel()
	jwt := signed(t, newKey(t), "k1", `{"sub":"U1"}`)
	r := answered(t, "magiclink_verify", steps.ArgsOf(map[string]cty.Value{"token": text("t")}), func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "DS", Value: jwt})
		http.SetCookie(w, &http.Cookie{Name: "DSR", Value: "refresh"})
		_, _ = io.WriteString(w, `{"user":{"userId":"U1"}}`)
	})
	if !r.OK {
		t.Fatal(r.Message)
	}
	equal(t, "session_jwt", r.Value("session_jwt"), text(jwt))
	equal(t, "refresh_jwt", r.Value("refresh_jwt"), text("refresh"))
	if _, ok := steps.PlainHeaders(r.Header)["set-cookie"]; ok {
		t.Error("the headers show the cookies")
	}
}

func TestRequestOnTheWire(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind, line, bearer, body string
		args                     steps.Args
	}{
		{"otp_sign_in", "POST /v1/auth/otp/signin/voice", "Bearer P1:jwt", `{"loginId":"a","loginOptions":{"stepup":true}}`,
			steps.ArgsOf(map[string]cty.Value{"login_id": text("a"), "method": text("voice"), "refresh_jwt": text("jwt"), "login_options": object("stepup", cty.True)})},
		{"magiclink_update_phone", "POST /v1/auth/magiclink/update/phone/sms", "Bearer P1", `{"loginId":"a","URI":"https://x","phone":"+1","addToLoginIDs":true,"onMergeUseExisting":true,"locale":"de"}`,
			steps.ArgsOf(map[string]cty.Value{"login_id": text("a"), "method": text("sms"), "phone": text("+1"), "redirect_url": text("https://x"), "locale": text("de"), "add_to_login_ids": cty.True, "on_merge_use_existing": cty.True})},
		{"embedded_link", "POST /v1/mgmt/user/signin/embeddedlink", "Bearer other", `{"loginId":"a","customClaims":{"n":1.5,"s":[true,null]},"timeout":120}`,
			steps.ArgsOf(map[string]cty.Value{"login_id": text("a"), "expires_in": text("2m"), "bearer": text("other"), "custom_claims": object("n", cty.NumberFloatVal(1.5), "s", cty.TupleVal([]cty.Value{cty.True, cty.NullVal(cty.String)}))})},
		{"logout", "POST /v1/auth/logout", "", `{}`, steps.ArgsOf(map[string]cty.Value{"bearer": text("")})},
		{"user_load", "GET /v1/mgmt/user?loginId=a%2B1", "Bearer P1", "", steps.ArgsOf(map[string]cty.Value{"login_id": text("a+1")})},
		{"user_create", "POST /v1/mgmt/user/create/test", "Bearer P1", `{"loginId":"a","verifiedPhone":false,"test":true}`,
			steps.ArgsOf(map[string]cty.Value{"login_id": text("a"), "test": cty.True, "verified_phone": cty.False})},
		{"user_update_phone", "POST /v1/mgmt/user/update/phone", "Bearer P1", `{"loginId":"a","phone":""}`, steps.ArgsOf(map[string]cty.Value{"login_id": text("a"), "phone": text("")})},
	}
	for _, tt := range tests {
		got := make(chan [3]string, 1)
		answered(t, tt.kind, tt.args, func(w http.ResponseWriter, r *http.Request) {
			raw, _ := io.ReadAll(r.Body)
			got <- [3]string{r.Method + " " + r.URL.RequestURI(), r.Header.Get("Authorization"), string(raw)}
			_, _ = io.WriteString(w, "{}")
		})
		if sent, want := <-got, [3]string{tt.line, tt.bearer, tt.body}; sent != want {
			t.Errorf("%s sent\n%q\nwant\n%q", tt.kind, sent, want)
		}
	}
}
