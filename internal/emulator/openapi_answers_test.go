package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// audited is a bench whose admin API is held against its own document.
type audited struct {
	*bench
	document described
	seen     map[string]bool // operations that had a success
}

// fullPolicy has something of everything. What it leaves out has its default.
const fullPolicy = `{"signing_alg":"ES256","refresh_token_rotation":true,"refresh_token_reuse_interval":"10s","rate_limit":"custom",
	"limit":[{"name":"a","by":"ip","requests":1000,"window":"1m"},{"name":"b","by":"recipient","requests":900,"window":"1m"}],
	"otp":{"window_attempts":9,"attempts_window":"1h"},
	"user":[{"key":"a","phone":"+15555550101","verified_phone":true},{"key":"b","email":"b@example.test","roles":["r"],"tenants":["T"]}],
	"test_users_limit":5,"answer":[{"name":"undeliverable","status":418}],
	"fault":[{"name":"z","phase":"jwks","action":"stale","probability":0.5}],
	"delivery":{"latency":"0s","carrier":[{"prefix":"+213","reject":"no_geo"},{"prefix":"+214","loss":1},{"prefix":"+215","latency":"1h"},
		{"prefix":"+216","duplicate":1,"latency":{"distribution":"uniform","max":"1ms"}}]},
	"connectors":{"generic_sms_gateway":{"post_url":"GATEWAY","headers":{"X-A":"b"},"hmac_secret":"s","authentication":{"bearer_token":"t"}}}}`

// ask calls a route, with what the path's braces stand for, and holds the question and the
// answer against the document.
func (a *audited) ask(verb, route string, names []string, query, body string) string {
	a.t.Helper()
	path := strings.Replace(route, "{project}", a.project.ID, 1)
	for _, name := range names {
		from, to := strings.IndexByte(path, '{'), strings.IndexByte(path, '}')
		path = path[:from] + url.PathEscape(name) + path[to+1:]
	}
	r := exchange(a.t, a.admin, verb, path+query, "Bearer "+adminKey, "application/json", body)
	operation, ok := a.document.Paths[route][strings.ToLower(verb)]
	if !ok {
		a.t.Fatalf("%s %s is in no document", verb, route)
	}
	what := verb + " " + route + query + " " + strconv.Itoa(r.status)
	answer, ok := operation.Responses[strconv.Itoa(r.status)]
	switch {
	case ok:
		a.seen[verb+" "+route] = true
		if body != "" {
			a.hold(what+" request", operation.RequestBody, body)
		}
	case r.status < 400:
		a.t.Errorf("%s: the status is not documented", what)
	default:
		answer = operation.Responses["default"]
	}
	if len(answer.Content) == 0 {
		if r.text != "" {
			a.t.Errorf("%s: %.80s, want nothing", what, r.text)
		}
		return r.text
	}
	a.hold(what, answer, r.text)
	return r.text
}

func (a *audited) hold(what string, c describedContent, text string) {
	a.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		a.t.Errorf("%s: %.80s: %v", what, text, err)
		return
	}
	form, ok := c.Content["application/json"]
	if !ok {
		a.t.Errorf("%s: no JSON is documented, and there is %.80s", what, text)
		return
	}
	for _, fault := range a.document.check(form.Schema, what, v) {
		a.t.Error(fault)
	}
}

// live leaves something of everything that the admin API tells of.
func (a *audited) live() {
	sms := func(pattern string, in any) reply {
		return a.post(descope.Path(pattern, descope.MethodSMS), a.public(), in)
	}
	login := identity(alice)
	var auth descope.AuthResponse
	sms(descope.PathMagicLinkSignUpOrIn, descope.SignInRequest{Identity: login, LoginOptions: &descope.LoginOptions{
		TemplateOptions: map[string]string{"a": "b"}, Locale: "de", CustomClaims: map[string]any{"c": []any{nil, 1}},
	}})
	a.verify(a.take(alice).token(a.t)).into(a.t, &auth)
	for _, phone := range []string{"+213661234567", "+214661234567", "+215661234567", "+216661234567", alice, bob} {
		sms(descope.PathOTPSignUpOrIn, descope.SignInRequest{Identity: identity(phone)})
	}
	sms(descope.PathOTPVerify, descope.VerifyCodeRequest{Identity: login, Code: "x"})
	a.post(descope.PathRefresh, a.as(auth.RefreshJWT), struct{}{})
	sms(descope.PathMagicLinkSignUpOrIn, descope.SignInRequest{Identity: login})
	a.post(descope.Path(descope.PathEnchantedLinkSignUpOrIn, descope.MethodEmail), a.public(),
		descope.SignInRequest{Identity: identity("e@example.test")})
	a.do(http.MethodPost, descope.PathTestUserCreate, a.manager().Header(), "application/json",
		`{"loginId":"t1","phone":"+15555550177","test":true,"customAttributes":{"x":[1]},"userTenants":[{"tenantId":"T","roleNames":["r"]}]}`)
	a.do(http.MethodPost, "/v1/mgmt/tests/generate/otp", a.manager().Header(), "application/json", `{"loginId":"t1","deliveryMethod":"sms"}`)
	a.do(http.MethodPost, "/v1/mgmt/tests/generate/magiclink", a.manager().Header(), "application/json", `{"loginId":"t1","deliveryMethod":"sms"}`)
}

// What the admin API answers is what its document says, on every route: no member more,
// none less, and null nowhere.
func TestAnswersAreAsDocumented(t *testing.T) {
	t.Parallel()
	const project, faults = "/_ab/projects/{project}", "/_ab/projects/{project}/faults"
	gateway := newServerOf(t, http.StatusTeapot)
	a := &audited{bench: newBench(t), seen: map[string]bool{}}
	if err := json.Unmarshal([]byte(exchange(t, a.admin, http.MethodGet, "/_ab/openapi.json", "Bearer "+adminKey, "", "").text), &a.document); err != nil {
		t.Fatal(err)
	}
	a.project.ID = "Paudited"
	var made struct {
		Key string `json:"management_key"`
	}
	text := a.ask(http.MethodPut, project, nil, "", `{"policy":`+strings.Replace(fullPolicy, "GATEWAY", gateway.URL, 1)+`}`)
	if err := json.Unmarshal([]byte(text), &made); err != nil {
		t.Fatal(err)
	}
	a.project.ManagementKey = policy.NewSecret(made.Key).String
	a.live()
	for _, path := range []string{"/_ab/healthz", "/_ab/projects", "/_ab/openapi.json"} {
		a.ask(http.MethodGet, path, nil, "", "")
	}
	for _, path := range []string{"/policy", "/users", "/messages", "/messages/counts", "/delivery", "/clock", "/faults", "/journal", "/verifications"} {
		a.ask(http.MethodGet, project+path, nil, "", "")
	}
	a.ask(http.MethodGet, project+"/verifications", nil, "?method=POST", "")
	for _, state := range []string{"all", "delivered", "pending", "lost", "rejected", "unheard-of"} {
		a.ask(http.MethodGet, project+"/messages", nil, "?state="+state, "")
	}
	a.ask(http.MethodGet, project+"/messages", nil, "?wait=x", "")
	a.ask(http.MethodGet, project+"/messages", nil, "?recipient="+strings.Repeat("a", 70<<10), "")
	all := a.messages(bob)
	a.ask(http.MethodPost, project+"/messages/read", nil, "", `{"ids":[]}`)
	a.ask(http.MethodPost, project+"/messages/read", nil, "", `{"ids":["`+all[0].ID+`"],"after":"0"}`)
	a.ask(http.MethodPost, project+"/messages/take", nil, "", `{"wanted":[{"recipient":"e@example.test","after":"0"},{"recipient":"z","after":"0"}]}`)
	exported := a.ask(http.MethodGet, project, nil, "", "")
	left := a.messages(alice)
	a.ask(http.MethodPost, project+"/messages/{id}/read", []string{left[0].ID}, "", "")
	a.ask(http.MethodPost, project+"/messages/{id}/read", []string{left[0].ID}, "", "") // not twice
	a.ask(http.MethodDelete, project+"/messages/{id}", []string{left[0].ID}, "", "")
	a.ask(http.MethodPost, project+"/clock", nil, "", `{"freeze":true,"skew":"-1s"}`)
	a.ask(http.MethodPost, project+"/clock", nil, "", `{}`)
	for _, path := range []string{"/delivery/pause", "/delivery/flush", "/delivery/resume", "/keys/rotate", "/reset"} {
		a.ask(http.MethodPost, project+path, nil, "", "")
	}
	a.ask(http.MethodPut, project+"/delivery", nil, "", `{"latency":"1s","carrier":[{"prefix":"+1","latency":{"distribution":"normal","mean":"1s"}}]}`)
	a.ask(http.MethodPatch, project+"/policy", nil, "", `{"otp":{"attempts":3},"delivery":{"latency":"1s"}}`)
	a.ask(http.MethodPatch, project+"/delivery", nil, "", `{"latency":{"distribution":"uniform","max":"1s"},"carrier":[{"prefix":"+2"}]}`)
	a.ask(http.MethodDelete, project+"/delivery", nil, "", "")
	a.ask(http.MethodPost, faults, nil, "", `{"name":"q","phase":"before","action":"hang","latency":"1s","match":"/none"}`)
	a.ask(http.MethodPut, faults+"/{fault}", []string{"q"}, "", `{"phase":"before","action":"reset","match":"/none"}`)
	a.ask(http.MethodDelete, faults+"/{fault}", []string{"q"}, "", "")
	a.ask(http.MethodDelete, faults, nil, "", "")
	a.ask(http.MethodPatch, project+"/policy", nil, "", `{"otp":{"digits":8}}`)
	a.ask(http.MethodDelete, project, nil, "", "")
	a.ask(http.MethodDelete, project, nil, "", "") // not twice
	a.ask(http.MethodPut, project, nil, "", exported)
	a.ask(http.MethodGet, project, nil, "", "")
	a.ask(http.MethodGet, project+"/messages", nil, "?state=all", "")
	for path, operations := range a.document.Paths {
		for verb := range operations {
			_, events := operations[verb].Responses["200"].Content["text/event-stream"]
			if !events && !a.seen[strings.ToUpper(verb)+" "+path] {
				t.Errorf("%s %s: no answer was looked at", verb, path)
			}
		}
	}
}

// newServerOf answers with a status, whatever it is asked.
func newServerOf(t *testing.T, status int) *httptest.Server {
	t.Helper()
	return newServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
}
