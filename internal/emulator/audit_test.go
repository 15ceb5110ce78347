package emulator_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

func (b *bench) audits(body string) descope.AuditSearchResponse {
	b.t.Helper()
	var out descope.AuditSearchResponse
	b.manage(http.MethodPost, descope.PathAuditSearch, body).into(b.t, &out)
	return out
}

// trail is what happened, the newest first, as action, method and login ID.
func (b *bench) trail(body string) []string {
	b.t.Helper()
	out := []string{}
	for _, a := range b.audits(body).Audits {
		out = append(out, strings.TrimSpace(a.Action+" "+a.Method)+" "+strings.Join(a.ExternalIDs, ","))
	}
	return out
}

func TestAuditTrail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	start := b.clock.Now()
	auth := b.signUp(alice)
	b.clock.advance(time.Minute)
	b.sendCode(alice)
	code := b.take(alice).Code
	b.verifyCode(descope.MethodSMS, alice, otherCode(code)).refused(t, 401, descope.CodeWrongOTP)
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &struct{}{})
	b.change(b.as(auth.RefreshJWT), alice, newPhone, descope.UpdateOptions{})
	b.redeem(b.take(newPhone).token(t))
	b.clock.advance(time.Minute)
	b.manage(http.MethodPost, descope.PathUserCreateBatch, `{"users":[{"loginId":"x"},{"loginId":"x"}]}`)
	b.create(descope.CreateUserRequest{Identity: identity("bob")})
	b.manage(http.MethodPatch, descope.PathUserPatch, `{"loginId":"bob","name":"Bob"}`)
	b.manage(http.MethodPost, descope.PathUserDelete, `{"loginId":"bob"}`)
	b.manage(http.MethodPost, descope.PathUserDelete, `{"loginId":"bob"}`).refused(t, 404, descope.CodeMgmtUserNotFound)
	b.testUser("+15555550188")
	b.redeem(b.generateLink("+15555550188")) // test users are not audited

	a := alice
	want := []string{
		"UserDeleted bob", "UserModified bob", "UserCreated bob", "UsersCreated x",
		"LoginSucceed magiclink " + a, "UserModified magiclink " + a, "LoginStarted magiclink " + a,
		"LoginSucceed otp " + a, "LoginFailed otp " + a, "LoginStarted otp " + a,
		"LoginSucceed magiclink " + a, "UserCreated magiclink " + a, "LoginStarted magiclink " + a,
	}
	if diff := cmp.Diff(b.trail(``), want); diff != "" {
		t.Errorf("trail (-got +want):\n%s", diff)
	}
	at := func(d time.Duration) string { return strconv.FormatInt(start.Add(d).UnixMilli(), 10) }
	for body, want := range map[string]int32{
		`{"userIds":["` + auth.User.UserID + `"]}`: 9, `{"actions":["LoginFailed","UserDeleted"]}`: 2, `{"excludedActions":["LoginStarted"]}`: 10,
		`{"methods":["otp"]}`: 3, `{"externalIds":["+1 555 555 0101"]}`: 9, `{"loginIds":["bob"]}`: 3,
		`{"from":` + at(time.Minute) + `}`: 10, `{"to":` + at(time.Second) + `}`: 3, `{"from":-62135596800000,"to":-62135596800000}`: 13,
		`{"devices":["Mobile"]}`: 0, `{"geos":["DE"]}`: 0, `{"tenants":["T1"]}`: 0, `{"noTenants":true}`: 13,
		`{"remoteAddresses":["127.0.0.1"]}`: 13, `{"remoteAddresses":["192.0.2.1"]}`: 0, `{"text":"BOB"}`: 3, `{"text":"code is invalid"}`: 1,
	} {
		if got := b.audits(body).Total; got != want {
			t.Errorf("%s: %d records, want %d", body, got, want)
		}
	}
	page := b.audits(`{"limit":2,"page":1}`)
	if page.Total != 13 || len(page.Audits) != 2 || page.Audits[0].Action != "UserCreated" {
		t.Errorf("page %+v", page)
	}
	failed := b.audits(`{"actions":["LoginFailed"]}`).Audits[0]
	if failed.Type != "warn" || failed.Data["error_message"] != "The code is invalid" || failed.ProjectID != b.project.ID {
		t.Errorf("failure %+v", failed)
	}
	b.manage(http.MethodPost, descope.PathAuditSearch, `{"limit":-1}`).refused(t, 400, descope.CodeInvalidArguments)
	b.post(descope.PathAuditSearch, b.public(), struct{}{}).refused(t, 401, descope.CodeUnauthorized)
}

// F28: of two federated applications the one beside the login options counts; the
// trail tells it, and the client's own ID of the request.
func TestF28AuditOfOneRequest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	for body, want := range map[string]string{
		`"ssoAppId":"top","loginOptions":{"ssoAppId":"nested"}`: "top", `"loginOptions":{"ssoAppId":"nested"}`: "nested",
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.api.URL+descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS),
			strings.NewReader(`{"loginId":"`+alice+`",`+body+`}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", b.public().Header())
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-External-RID", "trace-1"+strings.Repeat("x", 300))
		res, err := b.api.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		b.redeem(b.take(alice).token(t))
		last := b.audits(`{"limit":2}`).Audits
		started, _ := last[1].Data["externalRequestId"].(string)
		if last[0].Data["ssoAppId"] != want || last[1].Data["ssoAppId"] != want || last[1].Data["purpose"] != "sign_in" {
			t.Errorf("%s: %v and %v", body, last[0].Data, last[1].Data)
		}
		if len(started) != 256 || !strings.HasPrefix(started, "trace-1") {
			t.Errorf("external ID %q", started)
		}
	}
}
