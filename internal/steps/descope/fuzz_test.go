package descope

import (
	"net/http"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/steps"
)

// FuzzAnswer reads arbitrary answers as every kind does: whatever comes, there is a
// reply that does not contradict itself, and no panic.
func FuzzAnswer(f *testing.F) {
	f.Add(200, "", `{"sessionJwt":"e30.e30.e30","refreshJwt":"x","user":{"userId":"U1","customAttributes":{"a":[1,{"b":null}]}}}`)
	f.Add(200, "DS=e30.eyJleHAiOjFlOTk5LCJpYXQiOi0xfQ.x", `{"user":{"userTenants":[{"tenantId":"T"}]},"claims":{"exp":1e400}}`)
	f.Add(200, "", `{"users":[{"userId":"a"},{"customAttributes":{"x":1}}],"total":2}`)
	f.Add(401, "", `{"errorCode":"E061102","errorDescription":"x","errorMessage":"y"}`)
	f.Add(200, "", `{"link":"https://x/?t=1&t=2","token":"t","code":"1"}`)
	f.Add(200, "", strings.Repeat("[", 20000))
	reads := map[string]func(answer) (outcome, error){
		"any": nil, "masked": readMasked, "link": readMaskedLink, "session": readSession, "refresh": readRefresh,
		"embedded": readEmbedded, "me": readMe, "user": readUser, "created": readCreated, "search": readSearch, "generated": readLink,
	}
	f.Fuzz(func(t *testing.T, status int, cookies, body string) {
		resp := &client.Response{Status: status, Header: client.Header{{Name: "Set-Cookie", Value: cookies}, {Name: "Retry-After", Value: cookies}}, Body: []byte(body)}
		for name, read := range reads {
			r := judge(&steps.Env{}, resp, read)
			if r.OK != (r.Reason == "") || r.OK && (status < 200 || status > 299) || !r.OK && r.Message == "" {
				t.Errorf("%s: ok %v, reason %q, message %q for status %d", name, r.OK, r.Reason, r.Message, status)
			}
			for _, a := range authResults {
				if v := r.Value(a.Name); v != cty.NilVal && !v.IsWhollyKnown() {
					t.Errorf("%s: %s is not known", name, a.Name)
				}
			}
		}
		_, _ = parseKeys(&client.Response{Status: http.StatusOK, Body: []byte(body)})
	})
}
