package emulator_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

// A login ID, a redirect, a name, more login IDs and applications go by two names each,
// wherever a request holds them. One is as good as the other.
func TestN02DualNames(t *testing.T) {
	t.Parallel()
	const (
		who   = `"LOGIN":"` + alice + `"`
		where = `"REDIRECT":"https://app.test/two"`
		her   = `{` + who + `,` + where
	)
	for _, tt := range []struct{ verb, path, body string }{
		{"POST", "/v1/auth/magiclink/signup/sms", `{"LOGIN":"` + bob + `",` + where + `}`},
		{"POST", "/v1/auth/magiclink/signin/sms", her + `}`},
		{"POST", "/v1/auth/magiclink/signup-in/sms", her + `}`},
		{"POST", "/v1/auth/magiclink/update/phone/sms", her + `,"phone":"` + newPhone + `"}`},
		{"POST", "/v1/auth/magiclink/update/email", her + `,"email":"a2@x.test"}`},
		{"POST", "/v1/auth/otp/signup/sms", `{"LOGIN":"` + bob + `"}`},
		{"POST", "/v1/auth/otp/signin/sms", `{` + who + `}`},
		{"POST", "/v1/auth/otp/signup-in/sms", `{` + who + `}`},
		{"POST", "/v1/auth/otp/update/phone/sms", `{` + who + `,"phone":"` + newPhone + `"}`},
		{"POST", "/v1/auth/otp/update/email", `{` + who + `,"email":"a2@x.test"}`},
		{"POST", "/v1/auth/enchantedlink/signup/email", `{"LOGIN":"b@x.test",` + where + `}`},
		{"POST", "/v1/auth/enchantedlink/signin/email", her + `}`},
		{"POST", "/v1/auth/enchantedlink/signup-in/email", her + `}`},
		{"POST", "/v1/auth/enchantedlink/update/email", her + `,"email":"a2@x.test"}`},
		{"POST", "/v1/mgmt/tests/generate/otp", `{"LOGIN":"tester","deliveryMethod":"sms"}`},
		{"POST", "/v1/mgmt/tests/generate/magiclink", `{"LOGIN":"tester","deliveryMethod":"sms",` + where + `}`},
		{"POST", "/v1/mgmt/tests/generate/enchantedlink", `{"LOGIN":"tester",` + where + `}`},
		{"POST", "/v1/mgmt/user/signin/embeddedlink", `{` + who + `}`},
		{"POST", "/v1/mgmt/user/signup/embeddedlink", `{"LOGIN":"` + bob + `","user":{"NAME":"Bob"}}`},
		{"POST", "/v1/mgmt/user/create", `{"LOGIN":"carol","NAME":"Carol","MORE":["c2"],"APPS":["app2"]}`},
		{"POST", "/v1/mgmt/user/create/test", `{"LOGIN":"carol","NAME":"Carol","MORE":["c2"],"APPS":["app2"]}`},
		{"POST", "/v1/mgmt/user/create/batch", `{"users":[{"LOGIN":"carol","NAME":"Carol","MORE":["c2"],"APPS":["app2"]}]}`},
		{"POST", "/v1/mgmt/user/update", `{` + who + `,"NAME":"Al","MORE":["a2"],"APPS":["app2"]}`},
		{"PATCH", "/v1/mgmt/user/patch", `{` + who + `,"NAME":"Al","MORE":["a2"],"APPS":["app2"]}`},
		{"PATCH", "/v1/mgmt/user/patch/batch", `{"users":[{` + who + `,"NAME":"Al","MORE":["a2"],"APPS":["app2"]}]}`},
		{"POST", "/v1/mgmt/user/update/phone", `{` + who + `,"phone":"` + newPhone + `"}`},
		{"POST", "/v1/mgmt/user/update/email", `{` + who + `,"email":"a2@x.test"}`},
		{"POST", "/v1/mgmt/user/update/loginid", `{` + who + `,"newLoginId":"a2"}`},
		{"POST", "/v1/mgmt/user/update/status", `{` + who + `,"status":"disabled"}`},
		{"POST", "/v1/mgmt/user/logout", `{` + who + `}`},
		{"POST", "/v1/mgmt/user/delete", `{` + who + `}`},
		{"POST", "/v1/mgmt/user/search", `{"APPS":["app"]}`},
		{"POST", "/v2/mgmt/user/search", `{"APPS":["app"]}`},
		{"POST", "/v2/mgmt/user/search/test", `{"APPS":["app"]}`},
		{"GET", "/v1/mgmt/user?LOGIN=" + url.QueryEscape(alice), ""},
	} {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			var told [2]string
			for i, names := range [][]string{
				{"LOGIN", "loginId", "REDIRECT", "redirectUrl", "NAME", "name", "MORE", "additionalIdentifiers", "APPS", "ssoAppIds"},
				{"LOGIN", "identifier", "REDIRECT", "URI", "NAME", "displayName", "MORE", "additionalLoginIds", "APPS", "ssoAppIDs"},
			} {
				b := newBench(t)
				bearer := b.as(b.signUp(alice).RefreshJWT)
				b.manage(http.MethodPost, descope.PathUserUpdate, `{"loginId":"`+alice+`","phone":"`+alice+`","verifiedPhone":true,"email":"`+alicesMail+`","verifiedEmail":true}`)
				b.create(descope.CreateUserRequest{Identity: identity("dan"), SSOAppIDs: []string{"app"}})
				b.create(descope.CreateUserRequest{Identity: identity("tester"), SSOAppIDs: []string{"app"}, Test: true})
				if strings.HasPrefix(tt.path, "/v1/mgmt") || strings.HasPrefix(tt.path, "/v2/mgmt") {
					bearer = b.manager()
				}
				named := strings.NewReplacer(names...)
				kind := "application/json"
				if tt.verb == http.MethodGet {
					kind = ""
				}
				r := b.do(tt.verb, named.Replace(tt.path), bearer.Header(), kind, named.Replace(tt.body))
				told[i] = fmt.Sprintln(r.status, r.text, b.ask(http.MethodGet, "/users").text, b.ask(http.MethodGet, "/messages?state=all").text)
				if r.status != http.StatusOK {
					t.Errorf("%v: %d %s", names, r.status, r.text)
				}
				if strings.Contains(tt.body, "REDIRECT") && !strings.Contains(told[i], "https://app.test/two") {
					t.Errorf("%v: the redirect is lost: %s", names, told[i])
				}
				if strings.Contains(tt.path, "search") && !strings.Contains(r.text, `"total":1`) {
					t.Errorf("%v: found %s", names, r.text)
				}
			}
			if diff := cmp.Diff(strings.Split(told[1], ","), strings.Split(told[0], ",")); diff != "" {
				t.Errorf("the two differ:\n%s", diff)
			}
		})
	}
}

// Times may come as text, as 64 bits do in this API.
func TestN03TimesAsText(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	at := b.clock.Now().UnixMilli()
	for path, fields := range map[string][]string{
		descope.PathUserSearch:  {"fromCreatedTime", "toCreatedTime", "fromModifiedTime", "toModifiedTime"},
		descope.PathAuditSearch: {"from", "to"},
	} {
		for i, field := range fields {
			for moved, found := range map[int64]bool{-3600_000: i%2 == 0, 3600_000: i%2 == 1} {
				for _, form := range []string{"%d", `"%d"`} {
					var out struct{ Total int }
					b.manage(http.MethodPost, path, `{"`+field+`":`+fmt.Sprintf(form, at+moved)+`}`).into(t, &out)
					if (out.Total > 0) != found {
						t.Errorf("%s %s "+form+": %d found", path, field, at+moved, out.Total)
					}
				}
			}
			b.manage(http.MethodPost, path, `{"`+field+`":"soon"}`).refused(t, 400, descope.CodeInvalidRequest, field)
		}
	}
}
