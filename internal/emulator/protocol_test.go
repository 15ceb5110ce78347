package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

func TestUnknownRoutesAreNotEmulated(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, path := range []string{
		"/", "/v1/auth/totp/signup", "/v1/auth/magiclink/signup/voice", "/v1/auth/magiclink/update/phone/voice",
		"/v1/auth/magiclink/pending-session", "/v1/auth/enchantedlink/signin/sms", "/v1/auth/otp/verify/fax", "/v1/auth/otp/verify/sms/", "//v1/auth/me", "/v1/auth/../auth/me",
		"/v1/mgmt/user/update/name", "/v2/keys/a/b", "/v1/auth/tenant/select",
	} {
		for _, verb := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			b.do(verb, path, b.manager().Header(), "", "").refused(t, 501, descope.CodeNotEmulated)
		}
	}
}

func TestN23WrongVerb(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	send := descope.Path(descope.PathOTPSignUp, descope.MethodSMS)
	for _, tt := range []struct{ verb, path, allow string }{
		{http.MethodGet, send, "POST"}, {http.MethodPut, send, "POST"}, {http.MethodPost, descope.PathMe, "GET"},
		{http.MethodGet, descope.PathMagicLinkVerify, "POST"}, {http.MethodDelete, descope.PathUserLoad, "GET"},
		{http.MethodPost, descope.KeysPath(b.project.ID), "GET"},
	} {
		r := b.do(tt.verb, tt.path, b.public().Header(), "", "")
		r.refused(t, 405, descope.CodeWrongVerb)
		if got := r.header.Get("Allow"); got != tt.allow {
			t.Errorf("%s %s: Allow %q, want %q", tt.verb, tt.path, got, tt.allow)
		}
	}
	// Looking at a link does not use it up.
	token := b.link(alice)
	for _, verb := range []string{http.MethodHead, http.MethodGet, http.MethodPut} {
		if r := b.do(verb, descope.PathMagicLinkVerify, b.public().Header(), "application/json", `{"token":"`+token+`"}`); r.status != 405 {
			t.Errorf("%s: %d", verb, r.status)
		}
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded"} {
		b.do(http.MethodPost, descope.PathMagicLinkVerify, b.public().Header(), kind, `{"token":"`+token+`"}`).refused(t, 400, descope.CodeBadRequest)
	}
	b.redeem(token)
}

func TestN16Bearer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS)
	body := `{"loginId":"` + alice + `"}`
	p := b.project.ID
	for header, code := range map[string]string{
		"":                       descope.CodeMissingArguments,
		"Bearer":                 descope.CodeMissingArguments,
		"Bearer " + p + ":":      descope.CodeMissingArguments,
		"bearer " + p:            descope.CodeMissingArguments,
		"Basic " + p:             descope.CodeMissingArguments,
		p:                        descope.CodeMissingArguments,
		"Bearer Pnobody":         descope.CodeInvalidArguments,
		"Bearer " + p + ":junk":  descope.CodeUnauthorized,
		"Bearer " + p + ":a.b.c": descope.CodeInvalidArguments,
	} {
		b.do(http.MethodPost, path, header, "application/json", body).refused(t, 401, code)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.api.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header["Authorization"] = []string{"Bearer " + p, "Bearer " + p}
	res, err := b.api.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("two headers: %d", res.StatusCode)
	}
	b.quiet("")
	b.do(http.MethodGet, descope.KeysPath("Pnobody"), "", "", "").refused(t, 401, descope.CodeInvalidArguments, "project")
}

func TestN01Bodies(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	send := descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS)
	update := descope.Path(descope.PathMagicLinkUpdatePhone, descope.MethodSMS)
	const json = "application/json"
	tests := []struct {
		name, path, kind, body, code string
	}{
		{"text", send, json, "hello", descope.CodeBadRequest},
		{"cut short", send, json, `{"loginId":"`, descope.CodeBadRequest},
		{"list", send, json, `[]`, descope.CodeBadRequest},
		{"two documents", send, json, `{"loginId":"+15555550101"} {}`, descope.CodeBadRequest},
		{"number", send, json, `{"loginId":5}`, descope.CodeInvalidRequest},
		{"phone list", update, json, `{"loginId":"+15555550101","phone":["+15555550199"]}`, descope.CodeInvalidRequest},
		{"flag text", update, json, `{"loginId":"+15555550101","phone":"+15555550199","addToLoginIDs":"yes"}`, descope.CodeInvalidRequest},
		{"template number", update, json, `{"loginId":"+15555550101","phone":"+15555550199","templateOptions":{"a":1}}`, descope.CodeInvalidRequest},
		{"nothing", send, "", ``, descope.CodeInvalidRequest},
		{"null", send, json, `null`, descope.CodeInvalidRequest},
		{"null login", send, json, `{"loginId":null}`, descope.CodeInvalidRequest},
		{"not UTF-8", send, json, "{\"loginId\":\"+15555550101\",\"x\":\"\xff\"}", descope.CodeBadRequest},
		{"compressed", send, json, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff", descope.CodeBadRequest},
		{"UTF-16", send, json + "; charset=utf-16", "\xff\xfe{\x00}\x00", descope.CodeBadRequest},
		{"plain text", send, "text/plain", `{"loginId":"+15555550101"}`, descope.CodeBadRequest},
		{"no content type", send, "", `{"loginId":"+15555550101"}`, descope.CodeBadRequest},
		{"long login", send, json, `{"loginId":"` + strings.Repeat("a", 1<<19) + `"}`, descope.CodeInvalidRequest},
		{"control", send, json, `{"loginId":"a\nb"}`, descope.CodeInvalidRequest},
		{"too large", send, json, `{"loginId":"` + strings.Repeat("a", 1<<20) + `"}`, descope.CodeBadRequest},
		{"too deep", send, json, `{"loginOptions":{"customClaims":` + strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000) + `}}`, descope.CodeBadRequest},
		{"deep", send, json, `{"loginId":"+15555550101","loginOptions":{"customClaims":` + strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000) + `}}`, descope.CodeInvalidRequest},
		{"many options", send, json, `{"loginId":"+15555550101","loginOptions":{"templateOptions":{` + manyOptions() + `}}}`, descope.CodeInvalidRequest},
	}
	for _, tt := range tests {
		r := b.do(http.MethodPost, tt.path, b.as(auth.RefreshJWT).Header(), tt.kind, tt.body)
		if r.status != 400 || r.code(t) != tt.code {
			t.Errorf("%s: %d %.200s, want 400 %s", tt.name, r.status, r.text, tt.code)
		}
	}
	b.quiet("")
	tolerated := `{"loginId":"+15555550101","redirectUrl":null,"URI":null,"loginOptions":{"customClaims":null,"stepup":null,"templateOptions":null},"unheardOf":{"a":[1]},"user":null}`
	if r := b.do(http.MethodPost, send, b.public().Header(), "application/json; charset=utf-8", tolerated); r.status != 200 {
		t.Errorf("nulls and unknown fields: %s", r.text)
	}
	if r := b.do(http.MethodPost, send, b.public().Header(), json, `{"identifier":"+15555550101"}`); r.status != 200 {
		t.Errorf("identifier: %s", r.text)
	}
}

// A name in another case is an unknown name, at every depth.
func TestNamesAreCaseSensitive(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	b.signUp(bob)
	post := func(path, bearer, body string) reply {
		return b.do(http.MethodPost, path, bearer, "application/json", body)
	}
	const send = "/v1/auth/magiclink/signup-in/sms"
	public, own := b.public().Header(), b.as(auth.RefreshJWT).Header()

	for _, body := range []string{`{"LOGINID":"+15555550101"}`, `{"loginid":"+15555550101"}`, `{"Identifier":"+15555550101"}`} {
		post(send, public, body).refused(t, 400, "E011003", "loginId")
	}
	if r := post(send, public, `{"loginId":"+15555550101","LOGINID":"+15555550102","uri":"http://bad host","RedirectURL":"x:y"}`); r.status != 200 {
		t.Errorf("misspelt addresses: %s", r.text)
	}
	if link := b.take(alice).Link; !strings.HasPrefix(link, policy.Default().MagicLink.RedirectURL) {
		t.Errorf("a misspelt redirect leads to %s", link)
	}
	if r := post(send, public, `{"loginId":"+15555550101","loginOptions":{"TemplateOptions":{"a":"b"},"customclaims":{"plan":"x"},"Stepup":true}}`); r.status != 200 {
		t.Errorf("misspelt options: %s", r.text)
	}
	m := b.take(alice)
	if m.TemplateOptions != nil || claims(t, b.redeem(m.token(t)).SessionJWT)["plan"] != nil {
		t.Error("misspelt options have an effect")
	}
	// Without onMergeUseExisting it is the updating user who stays.
	if r := post("/v1/auth/magiclink/update/phone/sms", own,
		`{"loginId":"+15555550101","phone":"+15555550102","addToLoginIDs":true,"onmergeuseexisting":true,"failonconflict":true}`); r.status != 200 {
		t.Fatalf("update: %s", r.text)
	}
	if got, want := b.redeem(b.take(bob).token(t)).User.UserID, auth.User.UserID; got != want {
		t.Errorf("the merge kept %s, want %s", got, want)
	}
}

// The names of an error are those of the request.
func TestN03MistypedFieldIsNamed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for body, want := range map[string]string{
		`{"loginId":5}`: "The loginId field",
		`{"URI":5}`:     "The URI field",
		`{"loginId":"+15555550101","loginOptions":{"stepup":"yes"}}`: "The loginOptions.stepup field",
	} {
		r := b.do(http.MethodPost, "/v1/auth/magiclink/signup-in/sms", b.public().Header(), "application/json", body)
		r.refused(t, 400, "E011003", want)
	}
	auth := b.signUp(alice)
	code := b.code(alice)
	const update, verify = "/v1/auth/otp/update/phone/sms", "/v1/auth/otp/verify/sms"
	for _, tt := range []struct{ path, fields, want string }{
		{update, `"phone":5`, "phone"}, {update, `"phone":["` + newPhone + `"]`, "phone"}, {update, `"phone":{}`, "phone"}, {update, `"phone":null`, "phone"},
		{update, `"phone":"` + newPhone + `","addToLoginIDs":"true"`, "addToLoginIDs"}, {update, `"phone":"` + newPhone + `","addToLoginIDs":1`, "addToLoginIDs"},
		{update, `"phone":"` + newPhone + `","onMergeUseExisting":[]`, "onMergeUseExisting"}, {update, `"phone":"` + newPhone + `","templateOptions":[]`, "templateOptions"},
		{verify, `"code":` + strings.TrimLeft(code, "0"), "code"}, {verify, `"code":["` + code + `"]`, "code"}, {verify, `"code":null`, "code"},
	} {
		r := b.do(http.MethodPost, tt.path, b.as(auth.RefreshJWT).Header(), "application/json", `{"loginId":"`+alice+`",`+tt.fields+`}`)
		r.refused(t, 400, "E011003", tt.want)
	}
	b.quiet("")
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &struct{}{}) // none of them was a guess
}

func manyOptions() string {
	var s strings.Builder
	for i := range 100 {
		if i > 0 {
			s.WriteByte(',')
		}
		s.WriteString(`"k` + strings.Repeat("x", i) + `":"v"`)
	}
	return s.String()
}

func TestAnswersAreNotStored(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice)
	for _, r := range []reply{b.get(descope.PathMe, b.as(auth.RefreshJWT)), b.verify("x"), b.get("/", b.public())} {
		if r.header.Get("Cache-Control") != "no-store" || r.header.Get("Content-Type") != "application/json" {
			t.Errorf("headers %v", r.header)
		}
	}
}
