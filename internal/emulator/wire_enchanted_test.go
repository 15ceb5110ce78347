package emulator

// enchantedLinks: the flow by literals.
func (w *wire) enchantedLinks() {
	w.t.Helper()
	const verify, poll = "/v1/auth/enchantedlink/verify", "/v1/auth/enchantedlink/pending-session"
	auth := map[string]any{}
	for _, send := range []struct{ path, body string }{
		{"/v1/auth/enchantedlink/signup/email", `{"loginId":"ench","email":"ench@x.test","redirectUrl":"https://app.test/e","user":{"name":"E"}}`},
		{"/v1/auth/enchantedlink/signin/email", `{"loginId":"ench","loginOptions":{},"providerId":null}`},
		{"/v1/auth/enchantedlink/signup-in/email", `{"loginId":"ench","URI":"https://app.test/e"}`},
	} {
		asked := w.post(send.path, wirePublic, send.body)
		w.names(send.path, asked, "pendingRef linkId maskedEmail")
		ref := `{"pendingRef":"` + asked["pendingRef"].(string) + `"}`
		w.same("pending", w.call("POST", poll, wirePublic, ref, 401)["errorCode"], any("E062503"))
		w.same("verify", w.post(verify, wirePublic, `{"token":"`+w.token("ench@x.test")+`"}`), map[string]any{})
		auth = w.post(poll, wirePublic, ref)
		w.names("session", auth, wireAuthNames)
		w.same("collected", w.call("POST", poll, wirePublic, ref, 401)["errorCode"], any("E063010"))
	}
	bearer := wirePublic + ":" + auth["refreshJwt"].(string)
	asked := w.post("/v1/auth/enchantedlink/update/email", bearer, `{"loginId":"ench","email":"ench2@x.test","addToLoginIDs":true}`)
	w.names("update", asked, "pendingRef linkId maskedEmail")
	w.post(verify, wirePublic, `{"token":"`+w.token("ench2@x.test")+`","pkceVerifier":""}`)
	auth = w.post(poll, wirePublic, `{"pendingRef":"`+asked["pendingRef"].(string)+`"}`)
	w.same("login IDs", auth["user"].(map[string]any)["loginIds"], any([]any{"ench", "ench2@x.test"}))

	w.post("/v1/mgmt/user/create/test", wireManager, `{"loginId":"enchtest","email":"enchtest@x.test"}`)
	link := w.post("/v1/mgmt/tests/generate/enchantedlink", wireManager, `{"loginId":"enchtest","loginOptions":{"customClaims":{"plan":"e"}}}`)
	w.names("generated", link, "loginId link pendingRef")
	w.post(verify, wirePublic, `{"token":"`+w.tokenIn(link["link"].(string))+`"}`)
	auth = w.post(poll, wirePublic, `{"pendingRef":"`+link["pendingRef"].(string)+`"}`)
	w.same("claims", wireClaims(w.t, auth["sessionJwt"])["plan"], any("e"))
}
