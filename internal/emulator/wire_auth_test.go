package emulator

import "strings"

func (w *wire) magicLinks() {
	w.t.Helper()
	w.names("masked phone", w.post("/v1/auth/magiclink/signup/sms", wirePublic, `{
		"loginId":"+15555550001","phone":"+15555550011","URI":"https://app.test/in?a=b",
		"user":{"name":"N","givenName":"G","middleName":"M","familyName":"F","email":"n@x.test","recoveryEmail":"r@x.test","recoveryPhone":"+15555550012"},
		"loginOptions":{"customClaims":{"plan":"x"},"templateOptions":{"who":"me"},"templateId":"T1","locale":"de"},"providerId":"P1"}`), "maskedPhone")
	m := w.message("+15555550011")
	w.same("link", strings.HasPrefix(m["link"].(string), "https://app.test/in?a=b&t="), true)
	w.same("template", m["template_options"], any(map[string]any{"who": "me"}))
	w.same("template ID, locale, provider", []any{m["template_id"], m["locale"], m["provider_id"]}, []any{"T1", "de", "P1"})

	auth := w.redeem(w.token("+15555550011"))
	w.names("verify", auth, wireAuthNames)
	w.names("user", auth["user"], wireUserNames)
	w.same("cookies", []any{auth["cookieName"], auth["sessionCookieName"], auth["cookiePath"]}, []any{"DSR", "DS", "/"})
	w.same("first seen", auth["firstSeen"], true)
	user := auth["user"].(map[string]any)
	w.same("profile", []any{
		user["name"], user["givenName"], user["middleName"], user["familyName"], user["email"], user["phone"], user["verifiedPhone"],
		user["recoveryEmail"], user["recoveryPhone"], user["status"], user["loginIds"],
	}, []any{"N", "G", "M", "F", "n@x.test", "+15555550011", true, "r@x.test", "+15555550012", "enabled", []any{"+15555550001"}})
	session, refresh := wireClaims(w.t, auth["sessionJwt"]), wireClaims(w.t, auth["refreshJwt"])
	w.names("session claims", session, wireClaimNames+" plan")
	w.names("refresh claims", refresh, wireClaimNames)
	w.same("claims", []any{session["iss"], session["sub"], session["drn"], refresh["drn"], session["amr"], session["plan"], session["rexp"]},
		[]any{"Pwire", user["userId"], "DS", "DSR", []any{"sms"}, "x", "2026-03-29T12:00:00Z"})

	w.names("masked email", w.post("/v1/auth/magiclink/signup/email", wirePublic, `{"loginId":"m1","email":"m1@x.test","redirectUrl":"https://app.test/r"}`), "maskedEmail")
	w.same("redirectUrl", strings.HasPrefix(w.message("m1@x.test")["link"].(string), "https://app.test/r?t="), true)
	w.redeem(w.token("m1@x.test"))
	w.post("/v1/auth/magiclink/signup/whatsapp", wirePublic, `{"identifier":"m2","whatsapp":"+15555550013"}`)
	w.same("amr", wireClaims(w.t, w.redeem(w.token("+15555550013"))["sessionJwt"])["amr"], any([]any{"whatsapp"}))
	w.post("/v1/auth/magiclink/signup/im", wirePublic, `{"loginId":"m3","phone":"+15555550014"}`)
	w.same("amr", wireClaims(w.t, w.redeem(w.token("+15555550014"))["sessionJwt"])["amr"], any([]any{"whatsapp"}))

	for path, body := range map[string]string{
		"/v1/auth/magiclink/signin/sms":         `{"loginId":"+15555550001"}`,
		"/v1/auth/magiclink/signin/im":          `{"loginId":"+15555550001"}`,
		"/v1/auth/magiclink/signup-in/im":       `{"loginId":"+15555550001"}`,
		"/v1/auth/magiclink/signin/whatsapp":    `{"loginId":"+15555550001"}`,
		"/v1/auth/magiclink/signup-in/sms":      `{"loginId":"+15555550001"}`,
		"/v1/auth/magiclink/signup-in/whatsapp": `{"loginId":"+15555550001"}`,
	} {
		w.names(path, w.post(path, wirePublic, body), "maskedPhone")
		w.same(path, w.redeem(w.token("+15555550011"))["firstSeen"], false)
	}
	for _, path := range []string{"/v1/auth/magiclink/signin/email", "/v1/auth/magiclink/signup-in/email"} {
		w.names(path, w.post(path, wirePublic, `{"loginId":"m1"}`), "maskedEmail")
		w.redeem(w.token("m1@x.test"))
	}

	// A step-up, a second factor, and an end of the other sessions.
	bearer := wirePublic + ":" + auth["refreshJwt"].(string)
	w.post("/v1/auth/magiclink/signin/whatsapp", bearer, `{"loginId":"+15555550001","loginOptions":{"stepup":true,"mfa":true,"revokeOtherSessions":true}}`)
	stronger := wireClaims(w.t, w.redeem(w.token("+15555550011"))["sessionJwt"])
	w.same("su, amr", []any{stronger["su"], stronger["amr"]}, []any{true, []any{"sms", "whatsapp", "mfa"}})
	w.call("GET", "/v1/auth/me", bearer, "", 401)
}

func (w *wire) codes() {
	w.t.Helper()
	for _, o := range []struct{ method, field, address, masked string }{
		{"sms", "phone", "+15555550101", "maskedPhone"},
		{"voice", "voice", "+15555550102", "maskedPhone"},
		{"whatsapp", "whatsapp", "+15555550103", "maskedPhone"},
		{"im", "whatsapp", "+15555550104", "maskedPhone"},
		{"email", "email", "otp@x.test", "maskedEmail"},
	} {
		verify := func() map[string]any {
			return w.post("/v1/auth/otp/verify/"+o.method, wirePublic, `{"loginId":"otp-`+o.method+`","code":"`+w.code(o.address)+`"}`)
		}
		out := w.post("/v1/auth/otp/signup/"+o.method, wirePublic,
			`{"loginId":"otp-`+o.method+`","`+o.field+`":"`+o.address+`","loginOptions":{"templateOptions":{"a":"b"}}}`)
		w.names("OTP sign up", out, o.masked+" verificationAttempts")
		w.same("attempts", out["verificationAttempts"], 5.0)
		w.same("template options", w.message(o.address)["template_options"], any(map[string]any{"a": "b"}))
		w.names("OTP verify", verify(), wireAuthNames)
		w.names("OTP sign in", w.post("/v1/auth/otp/signin/"+o.method, wirePublic, `{"loginId":"otp-`+o.method+`"}`), o.masked+" verificationAttempts")
		w.names("OTP verify", verify(), wireAuthNames)
		w.names("OTP sign up or in", w.post("/v1/auth/otp/signup-in/"+o.method, wirePublic, `{"loginId":"otp-`+o.method+`"}`), o.masked+" verificationAttempts")
		w.names("OTP verify", verify(), wireAuthNames)
	}
}

// signedUp is the bearer of a user who signed up with the phone.
func (w *wire) signedUp(phone string) string {
	w.t.Helper()
	w.post("/v1/auth/magiclink/signup-in/sms", wirePublic, `{"loginId":"`+phone+`"}`)
	return wirePublic + ":" + w.redeem(w.token(phone))["refreshJwt"].(string)
}

func (w *wire) updates() {
	w.t.Helper()
	const login = `"loginId":"+15555550201"`
	bearer := w.signedUp("+15555550201")
	w.names("update phone", w.post("/v1/auth/magiclink/update/phone/sms", bearer, `{`+login+`,"phone":"+15555550202","URI":"https://app.test/u",
		"templateOptions":{"a":"b"},"templateId":"T2","locale":"fr","providerId":"P2"}`), "maskedPhone")
	m := w.message("+15555550202")
	w.same("update message", []any{m["template_options"], m["template_id"], m["locale"], m["provider_id"], strings.HasPrefix(m["link"].(string), "https://app.test/u?t=")},
		[]any{map[string]any{"a": "b"}, "T2", "fr", "P2", true})
	user := w.redeem(w.token("+15555550202"))["user"].(map[string]any)
	w.same("phone", []any{user["phone"], user["verifiedPhone"], user["loginIds"]}, []any{"+15555550202", true, []any{"+15555550201"}})
	w.post("/v1/auth/magiclink/update/phone/im", bearer, `{`+login+`,"phone":"+15555550203"}`)
	w.post("/v1/auth/magiclink/update/phone/whatsapp", bearer, `{`+login+`,"phone":"+15555550203","addToLoginIDs":true}`)
	user = w.redeem(w.token("+15555550203"))["user"].(map[string]any)
	w.same("login IDs", user["loginIds"], any([]any{"+15555550201", "+15555550203"}))
	w.names("update email", w.post("/v1/auth/magiclink/update/email", bearer, `{`+login+`,"email":"u1@x.test"}`), "maskedEmail")
	w.same("email", w.redeem(w.token("u1@x.test"))["user"].(map[string]any)["email"], "u1@x.test")

	for n, method := range []string{"sms", "voice", "whatsapp", "im"} {
		phone := "+1555555021" + string(rune('0'+n))
		w.names("OTP update phone", w.post("/v1/auth/otp/update/phone/"+method, bearer, `{`+login+`,"phone":"`+phone+`","mfa":true}`),
			"maskedPhone verificationAttempts")
		out := w.post("/v1/auth/otp/verify/"+method, wirePublic, `{`+login+`,"code":"`+w.code(phone)+`"}`)
		w.same("phone", out["user"].(map[string]any)["phone"], phone)
		if amr := wireClaims(w.t, out["sessionJwt"])["amr"].([]any); len(amr) < 2 {
			w.t.Errorf("mfa of an update keeps no factor: %v", amr)
		}
	}
	w.names("OTP update email", w.post("/v1/auth/otp/update/email", bearer, `{`+login+`,"email":"u2@x.test"}`), "maskedEmail verificationAttempts")
	w.post("/v1/auth/otp/verify/email", wirePublic, `{`+login+`,"code":"`+w.code("u2@x.test")+`"}`)

	// Conflicts: refused on request, else merged into the user that is to stay.
	other := w.signedUp("+15555550220")
	otherID := w.call("GET", "/v1/auth/me", other, "", 200)["userId"]
	const conflict = `{` + login + `,"phone":"+15555550220","addToLoginIDs":true,`
	refusal := w.call("POST", "/v1/auth/magiclink/update/phone/sms", bearer, conflict+`"failOnConflict":true}`, 409)
	w.names("refusal", refusal, "errorCode errorDescription errorMessage message")
	w.same("conflict", refusal["errorCode"], "E062125")
	w.post("/v1/auth/magiclink/update/phone/sms", bearer, conflict+`"onMergeUseExisting":true}`)
	w.same("who stays", w.redeem(w.token("+15555550220"))["user"].(map[string]any)["userId"], otherID)
}

func (w *wire) sessions() {
	w.t.Helper()
	bearer := w.signedUp("+15555550301")
	w.names("me", w.call("GET", "/v1/auth/me", bearer, "", 200), wireUserNames)
	w.names("refresh", w.post("/v1/auth/refresh", bearer, `{}`), strings.ReplaceAll(wireAuthNames, " refreshJwt", ""))
	w.names("try refresh", w.post("/v1/auth/try-refresh", bearer, ``), strings.ReplaceAll(wireAuthNames, " refreshJwt", ""))
	w.same("try refresh of nothing", w.post("/v1/auth/try-refresh", wirePublic, `{}`), map[string]any{})
	session := w.post("/v1/auth/refresh", bearer, `null`)["sessionJwt"].(string)
	valid := w.post("/v1/auth/validate", wirePublic+":"+session, `{}`)
	w.names("validate", valid, "parsedJWT")
	w.names("parsed", valid["parsedJWT"], wireClaimNames)
	w.names("visit", w.list("GET", "/v1/auth/me/history", bearer, "")[0], "userId loginTime city country ip selectedTenant")
	id := valid["parsedJWT"].(map[string]any)["sub"].(string)
	w.same("history", len(w.list("POST", "/v1/mgmt/user/history", wireManager, `["`+id+`"]`)), 1)
	w.call("POST", "/v1/auth/refresh", bearer, `{"externalToken":"x"}`, 501)
	w.call("POST", "/v1/auth/logout", bearer, `{"logoutType":["x"]}`, 501)
	const ended = "sessionJwt cookieDomain cookiePath cookieMaxAge cookieExpiration firstSeen sessionExpiration cookieName sessionCookieName"
	w.names("logout", w.post("/v1/auth/logout", bearer, `{}`), ended)
	w.same("logged out", w.call("GET", "/v1/auth/me", bearer, "", 401)["errorCode"], "E064001")
	w.names("logout all", w.post("/v1/auth/logoutall", w.signedUp("+15555550301"), ``), ended)

	keys := w.call("GET", "/v2/keys/Pwire", "", "", 200)
	w.names("keys", keys, "keys")
	w.same("v1 keys", w.list("GET", "/v1/keys/Pwire", "", ""), keys["keys"])
	key := keys["keys"].([]any)[0].(map[string]any)
	w.names("key", key, "kty alg use kid crv x y")
	w.same("key", []any{key["kty"], key["alg"], key["use"]}, []any{"EC", "ES256", "sig"})
}
