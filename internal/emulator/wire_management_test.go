package emulator

func (w *wire) users() {
	w.t.Helper()
	w.same("license", w.call("GET", "/v1/mgmt/license", wireManager, "", 200), map[string]any{"rateLimitTier": "tier4"})
	out := w.post("/v1/mgmt/user/create", wireManager, `{
		"loginId":"boss","email":"boss@x.test","phone":"+15555550401","verifiedEmail":true,"verifiedPhone":true,
		"name":"N","givenName":"G","middleName":"M","familyName":"F","roleNames":["admin"],
		"userTenants":[{"tenantId":"T1","tenantName":"Ten","roleNames":["tr"],"permissions":["tp"]}],
		"customAttributes":{"a":"b"},"picture":"pic","additionalIdentifiers":["boss2"],"additionalLoginIds":["boss3"],"ssoAppIds":["app"],
		"status":"enabled","recoveryEmail":"r@x.test","recoveryPhone":"+15555550402",
		"invite":false,"inviteUrl":"","sendMail":false,"sendSMS":false,"test":false}`)
	w.names("create", out, "user created")
	w.names("user", out["user"], wireUserNames)
	user := out["user"].(map[string]any)
	w.same("user", []any{
		user["loginIds"], user["email"], user["phone"], user["verifiedEmail"], user["verifiedPhone"],
		user["name"], user["givenName"], user["middleName"], user["familyName"], user["roleNames"],
		user["customAttributes"], user["picture"], user["ssoAppIds"], user["status"], user["recoveryEmail"], user["recoveryPhone"],
	}, []any{
		[]any{"boss", "boss3", "boss2"}, "boss@x.test", "+15555550401", true, true, "N", "G", "M", "F", []any{"admin"},
		map[string]any{"a": "b"}, "pic", []any{"app"}, "enabled", "r@x.test", "+15555550402",
	})
	tenant := user["userTenants"].([]any)[0]
	w.same("tenant", tenant, any(map[string]any{"tenantId": "T1", "tenantName": "Ten", "roleNames": []any{"tr"}, "permissions": []any{"tp"}}))
	alias := w.post("/v1/mgmt/user/create", wireManager, `{"identifier":"alias","displayName":"D","ssoAppIDs":["app2"]}`)["user"].(map[string]any)
	w.same("aliases", []any{alias["loginIds"], alias["name"], alias["ssoAppIds"], alias["status"]}, []any{[]any{"alias"}, "D", []any{"app2"}, "invited"})

	w.post("/v1/auth/magiclink/signin/sms", wirePublic, `{"loginId":"boss","loginOptions":{"tenantId":"T1"}}`)
	auth := w.redeem(w.token("+15555550401"))
	claims := wireClaims(w.t, auth["sessionJwt"])
	w.names("claims", claims, wireClaimNames+" roles tenants dct")
	w.same("tenants", []any{claims["tenants"], claims["dct"], claims["roles"]},
		[]any{map[string]any{"T1": map[string]any{"roles": []any{"tr"}, "permissions": []any{"tp"}}}, "T1", []any{"admin"}})

	w.names("load", w.call("GET", "/v1/mgmt/user?loginId=boss2", wireManager, "", 200), "user")
	id := user["userId"].(string)
	w.same("load by ID", w.call("GET", "/v1/mgmt/user?userId="+id, wireManager, "", 200)["user"].(map[string]any)["name"], "N")

	for _, filter := range []string{
		`"loginIds":["boss3"]`, `"userIds":["` + id + `"]`, `"emails":["boss@x.test"]`, `"phones":["+15555550401"]`,
		`"text":"boss@","statuses":["enabled"]`, `"customAttributes":{"a":"b"}`, `"text":"boss","limit":1,"page":0`,
	} {
		found := w.post("/v2/mgmt/user/search", wireManager, `{`+filter+`}`)
		w.names("search", found, "users total")
		w.same(filter, []any{found["total"], found["users"].([]any)[0].(map[string]any)["userId"]}, []any{1.0, id})
	}
	for _, none := range []string{
		`"statuses":["disabled"]`, `"testUsersOnly":true`, `"fromCreatedTime":4000000000000`, `"toCreatedTime":1`,
		`"loginIds":["nobody"]`, `"emails":["nobody@x.test"]`, `"phones":["+15555559999"]`, `"text":"nobody"`, `"customAttributes":{"a":"c"}`, `"userIds":["U0"]`,
	} {
		w.same(none, w.post("/v2/mgmt/user/search", wireManager, `{`+none+`}`)["total"], 0.0)
	}
	w.same("page", w.post("/v2/mgmt/user/search", wireManager, `{"text":"boss","limit":1,"page":1}`)["users"], any([]any{}))

	moved := w.post("/v1/mgmt/user/update/phone", wireManager, `{"loginId":"boss","phone":"+15555550403","verified":true}`)
	w.names("set phone", moved, "user")
	w.same("phone", []any{moved["user"].(map[string]any)["phone"], moved["user"].(map[string]any)["verifiedPhone"]}, []any{"+15555550403", true})
	w.post("/v1/mgmt/user/create", wireManager, `{"loginId":"+15555550404"}`)
	w.same("conflict", w.call("POST", "/v1/mgmt/user/update/phone", wireManager,
		`{"loginId":"boss","phone":"+15555550404","verified":true,"failOnConflict":true}`, 409)["errorCode"], "E111127")

	bearer := wirePublic + ":" + auth["refreshJwt"].(string)
	w.post("/v1/mgmt/user/logout", wireManager, `{"loginId":"boss","sessionTypes":["x"]}`)
	w.call("GET", "/v1/auth/me", bearer, "", 200)
	w.same("log out", w.post("/v1/mgmt/user/logout", wireManager, `{"userId":"`+id+`"}`), map[string]any{})
	w.call("GET", "/v1/auth/me", bearer, "", 401)
	w.same("delete", w.post("/v1/mgmt/user/delete", wireManager, `{"loginId":"boss"}`), map[string]any{})
	w.same("gone", w.call("GET", "/v1/mgmt/user?loginId=boss", wireManager, "", 404)["errorCode"], "E112102")
}

func (w *wire) embeddedLinks() {
	w.t.Helper()
	out := w.post("/v1/mgmt/user/signin/embeddedlink", wireManager, `{"loginId":"alias","customClaims":{"plan":"x"},"timeout":5}`)
	w.names("embedded sign in", out, "token")
	claims := wireClaims(w.t, w.redeem(out["token"].(string))["sessionJwt"])
	w.same("claims", []any{claims["plan"], claims["nsec"]}, []any{"x", map[string]any{"plan": "x"}})
	w.call("POST", "/v1/mgmt/user/signin/embeddedlink", wireManager, `{"loginId":"alias","timeout":-1}`, 400)

	out = w.post("/v1/mgmt/user/signup/embeddedlink", wireManager, `{"loginId":"emb","user":{"email":"emb@x.test","phone":"+15555550501"},
		"emailVerified":true,"phoneVerified":true,"loginOptions":{"customClaims":{"plan":"y"}},"timeout":5}`)
	w.names("embedded sign up", out, "token maskedEmail maskedPhone")
	auth := w.redeem(out["token"].(string))
	user := auth["user"].(map[string]any)
	w.same("user", []any{user["email"], user["verifiedEmail"], user["phone"], user["verifiedPhone"]}, []any{"emb@x.test", true, "+15555550501", true})
	w.same("plan", wireClaims(w.t, auth["sessionJwt"])["plan"], "y")
}

func (w *wire) testUsers() {
	w.t.Helper()
	out := w.post("/v1/mgmt/user/create/test", wireManager, `{"loginId":"tester","phone":"+15555550601","test":true}`)
	w.same("test", out["user"].(map[string]any)["test"], true)
	code := w.post("/v1/mgmt/tests/generate/otp", wireManager, `{"loginId":"tester","deliveryMethod":"sms","loginOptions":{"customClaims":{"plan":"z"}}}`)
	w.names("generated code", code, "loginId code")
	claims := wireClaims(w.t, w.post("/v1/auth/otp/verify/sms", wirePublic, `{"loginId":"tester","code":"`+code["code"].(string)+`"}`)["sessionJwt"])
	w.same("claims", []any{claims["tu"], claims["plan"]}, []any{true, "z"})
	for _, body := range []string{
		`{"loginId":"tester","deliveryMethod":"email","URI":"https://app.test/t"}`,
		`{"loginId":"tester","deliveryMethod":"Embedded","redirectUrl":"https://app.test/t"}`,
	} {
		link := w.post("/v1/mgmt/tests/generate/magiclink", wireManager, body)
		w.names("generated link", link, "loginId link")
		w.redeem(w.tokenIn(link["link"].(string)))
	}
	w.same("search", w.post("/v2/mgmt/user/search", wireManager, `{"loginIds":["tester"],"withTestUser":true}`)["total"], 1.0)
	w.same("search", w.post("/v2/mgmt/user/search/test", wireManager, `{"loginIds":["tester","boss"]}`)["total"], 1.0)
	w.same("delete all", w.call("DELETE", "/v1/mgmt/user/test/delete/all", wireManager, "", 200), map[string]any{})
	w.same("none left", w.post("/v2/mgmt/user/search/test", wireManager, ``)["total"], 0.0)
}

// refusals: the literal code of each.
func (w *wire) refusals() {
	w.t.Helper()
	const send, update = "/v1/auth/otp/signin/sms", "/v1/auth/otp/update/phone/sms"
	w.post("/v1/auth/otp/signup-in/sms", wirePublic, `{"loginId":"+15555550701"}`)
	const verify = "/v1/auth/otp/verify/sms"
	for _, r := range []struct {
		path, bearer, body string
		status             int
		code               string
	}{
		{send, wirePublic, `{`, 400, "E011001"},
		{send, wirePublic, `{}`, 400, "E011003"},
		{send, "Basic x", `{}`, 401, "E011002"},
		{send, "Bearer Pnobody", `{}`, 401, "E011004"},
		{send, wirePublic, `{"loginId":"nobody"}`, 400, "E062108"},
		{update, wirePublic, `{}`, 401, "E011002"},
		{update, wirePublic + ":a.b.c", `{}`, 401, "E011004"},
		{"/v1/auth/otp/signup/sms", wirePublic, `{"loginId":"+15555550001"}`, 400, "E062107"},
		{"/v1/auth/magiclink/verify", wirePublic, `{"token":"x"}`, 401, "E062504"},
		{"/v1/mgmt/user/delete", wirePublic, `{}`, 401, "E111119"},
		{"/v1/mgmt/user/create", wireManager, `{"loginId":"alias"}`, 400, "E062107"},
		{verify, wirePublic, `{"loginId":"+15555550701","code":"x"}`, 401, "E061102"},
		{verify, wirePublic, `{"loginId":"+15555550701","code":"x"}`, 401, "E061102"},
		{verify, wirePublic, `{"loginId":"+15555550701","code":"x"}`, 401, "E061102"},
		{verify, wirePublic, `{"loginId":"+15555550701","code":"x"}`, 401, "E061102"},
		{verify, wirePublic, `{"loginId":"+15555550701","code":"x"}`, 401, "E061102"},
		{verify, wirePublic, `{"loginId":"+15555550701","code":"x"}`, 401, "E061103"},
	} {
		out := w.call("POST", r.path, r.bearer, r.body, r.status)
		w.names("refusal", out, "errorCode errorDescription errorMessage message")
		w.same(r.path+" "+r.body, out["errorCode"], any(r.code))
	}
}
