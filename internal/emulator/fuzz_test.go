package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// FuzzRequest: no request brings the handler down or makes it blame itself.
func FuzzRequest(f *testing.F) {
	const public, manager = "Bearer P1", "Bearer P1:K1"
	sms := descope.MethodSMS
	for _, pattern := range []string{
		descope.PathMagicLinkSignUp, descope.PathMagicLinkSignIn, descope.PathMagicLinkSignUpOrIn, descope.PathOTPSignUp,
		descope.PathOTPSignIn, descope.PathOTPSignUpOrIn,
	} {
		f.Add(true, descope.Path(pattern, sms), "", public, `{"loginId":"+15555550101","redirectUrl":"https://app.example.test/v?t=1#f","loginOptions":{"customClaims":{"a":1},"templateOptions":{"a":"b"},"mfa":true},"user":{"email":"a@b.c"}}`)
	}
	for _, pattern := range []string{descope.PathMagicLinkUpdatePhone, descope.PathOTPUpdatePhone} {
		f.Add(true, descope.Path(pattern, sms), "", public+":eyJhbGciOiJFUzI1NiJ9.e30.AA", `{"loginId":"+15555550101","phone":"+1 (555) 555-0102","addToLoginIDs":true}`)
	}
	f.Add(true, descope.Path(descope.PathOTPVerify, sms), "", public, `{"loginId":"+15555550101","code":"000000"}`)
	f.Add(true, descope.PathMagicLinkVerify, "", public+":a:b", `{"token":"x"}`)
	f.Add(true, descope.PathRefresh, "", public+":a.b.c", ``)
	f.Add(true, descope.PathEmbeddedLinkSignUp, "", manager, `{"loginId":"a@b.test","user":{"name":"A"},"timeout":5,"emailVerified":true}`)
	f.Add(true, descope.PathEmbeddedLinkSignIn, "", manager, `{"loginId":"a@b.test","customClaims":{"sub":1e400}}`)
	f.Add(true, descope.PathUserCreate, "", manager, `{"loginId":"a","test":true,"userTenants":[{"tenantId":"T"}],"customAttributes":{"a":null},"additionalLoginIds":["b"]}`)
	f.Add(true, descope.PathUserSearch, "", manager, `{"text":"a","limit":1,"page":2147483647,"loginIds":["a"],"customAttributes":{"a":[1]}}`)
	f.Add(true, descope.PathUserUpdatePhone, "", manager, `{"loginId":"a","phone":""}`)
	f.Add(true, descope.PathGenerateLink, "", manager, `{"loginId":"a","deliveryMethod":"Embedded","URI":"https://app.example.test"}`)
	f.Add(true, descope.PathGenerateOTP, "", manager, `{"loginId":"a","deliveryMethod":"voice"}`)
	f.Add(false, descope.PathUserLoad, "loginId=%zz&userId=U", manager, "")
	f.Add(false, "/v2/keys/P1", "", "", "")

	f.Fuzz(func(t *testing.T, post bool, path, query, authorization, body string) {
		// A fresh emulator for each input: what one leaves behind must not
		// change what the next one reaches.
		call := fuzzTarget(t)
		w := call(post, path, query, authorization, body)
		if w.Code >= 500 && w.Code != http.StatusNotImplemented {
			t.Errorf("%s %q with %q: %d %s", path, body, authorization, w.Code, w.Body)
		}
		if w.Code >= 400 && !strings.Contains(w.Body.String(), `"errorCode":"E`) {
			t.Errorf("%s: %d without an error code: %s", path, w.Code, w.Body)
		}
		// What it left behind must not break the call that lists it.
		if w := call(true, descope.PathUserSearch, "", manager, `{"withTestUser":true}`); w.Code != http.StatusOK {
			t.Errorf("search after %s %q: %d %s", path, body, w.Code, w.Body)
		}
	})
}

// fuzzTarget is a project P1 with the key K1, a user and a test user.
func fuzzTarget(t *testing.T) func(post bool, path, query, authorization, body string) *httptest.ResponseRecorder {
	t.Helper()
	e := emulator.New(emulator.Options{Clock: newClock().Now, Seed: 1})
	settings := policy.Default()
	settings.SigningAlg = policy.ES256
	settings.ApprovedDomains = []string{"app.example.test"}
	if _, err := e.CreateProject("P1", secret.New("K1"), settings); err != nil {
		t.Fatal(err)
	}
	api := e.Handler()
	call := func(post bool, path, query, authorization, body string) *httptest.ResponseRecorder {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", strings.NewReader(body))
		if post {
			req.Method = http.MethodPost
		}
		req.URL.Path, req.URL.RawQuery = path, query
		req.Header["Authorization"] = []string{authorization}
		req.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		api.ServeHTTP(w, req)
		return w
	}
	for _, body := range []string{`{"loginId":"+15555550101","phone":"+15555550101"}`, `{"loginId":"a","test":true}`} {
		if w := call(true, descope.PathUserCreate, "", "Bearer P1:K1", body); w.Code != http.StatusOK {
			t.Fatalf("create: %d %s", w.Code, w.Body)
		}
	}
	return call
}
