package emulator

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
)

// fuzzBody has a good value for each field that a route of the API reads. LINK, CODE
// and the like stand for what was sent.
const fuzzBody = `{"loginId":"LOGIN","loginIds":["LOGIN"],"userId":"USER","userIds":["USER"],"newLoginId":"b","identifier":"LOGIN",
"phone":"+1 (555) 555-0102","email":"b@example.test","name":"B","givenName":"B","verified":true,"verifiedPhone":true,"verifiedEmail":false,
"addToLoginIDs":true,"onMergeUseExisting":true,"failOnConflict":false,"code":"CODE","token":"TOKEN","pendingRef":"REF","pkceVerifier":"v",
"URI":"https://app.example.test/v?t=1#f","redirectUrl":"https://app.example.test/v","providerId":"","templateId":"t","locale":"en","timeout":5,
"loginOptions":{"customClaims":{"a":1,"n":[1e400]},"templateOptions":{"a":"b"},"revokeOtherSessions":false,"revokeOtherSessionsTypes":["x"]},
"user":{"email":"c@example.test","name":"C","phone":"+15555550103"},"customClaims":{"sub":"x","n":12345678901234567890},"customAttributes":{"a":null},
"users":[{"loginId":"d","phone":"+15555550104","hashedPassword":{},"customAttributes":{"a":[1]}},{"loginId":"LOGIN","name":"D","status":"enabled"}],
"status":"disabled","statuses":["enabled"],"deliveryMethod":"sms","test":true,"withTestUser":true,"testUsersOnly":false,"text":"a","limit":1,"page":0,
"emailVerified":true,"phoneVerified":true,"additionalLoginIds":["e"],"additionalIdentifiers":["f"],"picture":"https://x.test/p","sessionTypes":["x"],
"userTenants":[{"tenantId":"T"}],"roleNames":["r"],"ssoAppIds":["s"],"sort":[{"field":"name","desc":true}],"from":0,"to":4102444800000,
"actions":["LoginSucceed"],"fromCreatedTime":1,"toModifiedTime":4102444800000,"invite":false,"nonsense":{"deep":[{}]}}`

const fuzzQuery = "loginId=%2B15555550101"

// filled is a body with which the route of the path does what it is for.
func (f *fuzzed) filled(path string) string {
	login, token, body := fuzzPhone, f.link, fuzzBody
	switch {
	case strings.Contains(path, "/signup/") || strings.HasPrefix(path, descope.PathUserCreate):
		login = "+15555550177"
		if strings.HasSuffix(path, "/email") {
			login = "new@example.test"
		}
	case strings.HasPrefix(path, "/v1/mgmt/tests/generate/"):
		login = "a"
	case strings.HasSuffix(path, "/email") && !strings.Contains(path, "/update/"):
		login = fuzzEmail
	case path == descope.PathEnchantedLinkVerify:
		token = f.enchanted
	case path == descope.PathUsersHistory:
		body = `["USER"]`
	}
	return strings.NewReplacer("LOGIN", login, "TOKEN", token, "CODE", f.code, "REF", f.pendingRef, "USER", f.userID).Replace(body)
}

func fuzzRoutes() []string { return slices.Sorted(maps.Keys(routes())) }

// TestFuzzSeedsAreGood: seeds that no route takes would try the first checks alone.
func TestFuzzSeedsAreGood(t *testing.T) {
	t.Parallel()
	table := routes()
	for _, path := range fuzzRoutes() {
		f, route := newFuzzed(t), table[path]
		w := f.send(f.api, route.verb, path, fuzzQuery, f.holders[f.holder(route.needs)], f.filled(path), "errorCode")
		// Nobody has clicked the enchanted link, and the code went out by SMS.
		refused := path == descope.PathPendingSession ||
			strings.Contains(path, "/otp/verify/") && path != descope.Path(descope.PathOTPVerify, descope.MethodSMS)
		if want := map[bool]int{false: http.StatusOK, true: http.StatusUnauthorized}[refused]; w.Code != want {
			t.Errorf("%s: %d, want %d: %s", path, w.Code, want, w.Body)
		}
	}
}

// FuzzRequest: no request to any route brings the handler down, makes it blame itself,
// or leaves what can not be listed, exported and imported.
func FuzzRequest(f *testing.F) {
	table, paths := routes(), fuzzRoutes()
	sample := newFuzzed(f)
	for i, path := range paths {
		holder := sample.holder(table[path].needs)
		f.Add(uint8(i), holder, "", fuzzQuery, sample.filled(path))
		f.Add(uint8(i), holder, "", "loginId=%zz", `{"loginId":null,"user":[],"users":{},"customClaims":7,"limit":-1,"page":2147483647}`)
		f.Add(uint8(i), uint8(4), "Bearer P1:a.b.c:d", "", "")
	}
	f.Add(uint8(255), uint8(0), descope.PathKeys, "", "")
	f.Add(uint8(255), uint8(255), "/v2/keys/P1", "", "")
	f.Add(uint8(7), uint8(255), "Bearer P1:a:b:c", "", "{}")

	f.Fuzz(func(t *testing.T, at, holder uint8, text, query, body string) {
		// A fresh emulator for each input: what one leaves behind must not change what
		// the next one reaches.
		f := newFuzzed(t)
		path, verb, authorization := text, http.MethodGet, text
		if int(at) < len(paths) {
			path = paths[at]
			verb = table[path].verb
		}
		if int(holder) < len(f.holders) {
			authorization = f.holders[holder]
		}
		f.send(f.api, verb, path, query, authorization, body, "errorCode")
		f.stillWhole()
	})
}
