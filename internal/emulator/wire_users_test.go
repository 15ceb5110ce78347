package emulator

// moreUsers: what the management changes about users, by literals.
func (w *wire) moreUsers() {
	w.t.Helper()
	out := w.post("/v1/mgmt/user/create/batch", wireManager, `{"users":[
		{"loginId":"batch1","displayName":"One","email":"b1@x.test","verifiedEmail":true,"additionalLoginIds":null},
		{"loginId":"batch2","phone":"12"},{"loginId":"batch3","test":true}]}`)
	w.names("batch", out, "createdUsers failedUsers additionalErrors")
	made := out["createdUsers"].([]any)
	w.same("created", []any{made[0].(map[string]any)["name"], made[1].(map[string]any)["test"]}, []any{"One", true})
	refused := out["failedUsers"].([]any)[0].(map[string]any)
	w.names("failed", refused, "failure user")
	w.same("failed", []any{refused["failure"], refused["user"].(map[string]any)["loginIds"]}, []any{"[E011003] The phone field is not a valid phone", []any{"batch2"}})
	id := made[0].(map[string]any)["userId"].(string)

	loaded := w.post("/v1/mgmt/users/load", wireManager, `{"userIds":["`+id+`","U0"],"includeInvalidUsers":true}`)
	w.names("load", loaded, "users")
	w.same("loaded", loaded["users"].([]any)[0].(map[string]any)["userId"], any(id))
	w.same("v1 search", w.post("/v1/mgmt/user/search", wireManager, `{"loginIds":["batch1"],"sort":[{"field":"name"}]}`)["total"], 1.0)

	user := func(out map[string]any) map[string]any { return out["user"].(map[string]any) }
	updated := w.post("/v1/mgmt/user/update", wireManager, `{"loginId":"batch1","name":"Two","roleNames":["r"],
		"userTenants":[{"tenantId":"T1"}],"customAttributes":{"k":"v"},"picture":"p","givenName":"G","middleName":"M","familyName":"F",
		"phone":"+15555550801","verifiedPhone":true,"ssoAppIDs":["app"],"additionalLoginIds":["batch1b"]}`)
	w.names("update", updated, "user")
	u := user(updated)
	w.names("updated", u, wireUserNames+" modifiedTime")
	w.same("updated", []any{u["name"], u["email"], u["verifiedEmail"], u["phone"], u["verifiedPhone"], u["roleNames"], u["ssoAppIds"], u["loginIds"], u["status"]},
		[]any{"Two", "", false, "+15555550801", true, []any{"r"}, []any{"app"}, []any{"batch1", "batch1b"}, "invited"})

	u = user(w.call("PATCH", "/v1/mgmt/user/patch", wireManager, `{"loginId":"batch1b","displayName":"Three","roleNames":[],
		"customAttributes":{"k2":"v2"},"email":"three@x.test","verifiedEmail":true,"scim":true,"status":"enabled","phone":null,"unknown":1}`, 200))
	w.same("patched", []any{u["name"], u["roleNames"], u["customAttributes"], u["email"], u["verifiedEmail"], u["SCIM"], u["status"], u["phone"], u["picture"]},
		[]any{"Three", []any{}, map[string]any{"k": "v", "k2": "v2"}, "three@x.test", true, true, "enabled", "+15555550801", "p"})
	many := w.call("PATCH", "/v1/mgmt/user/patch/batch", wireManager, `{"users":[{"loginId":"batch1","familyName":"X"},{"loginId":"nobody"}]}`, 200)
	w.names("patch batch", many, "patchedUsers failedUsers additionalErrors")
	w.same("patched", many["patchedUsers"].([]any)[0].(map[string]any)["familyName"], any("X"))

	u = user(w.post("/v1/mgmt/user/update/email", wireManager, `{"loginId":"batch1","email":"Four@X.test","verified":true,"failOnConflict":true}`))
	w.same("email", []any{u["email"], u["verifiedEmail"]}, []any{"four@x.test", true})
	w.same("email conflict", w.call("POST", "/v1/mgmt/user/update/email", wireManager,
		`{"loginId":"batch1","email":"m3@x.test","failOnConflict":true}`, w.emailOwner("m3@x.test"))["errorCode"], "E111127")
	u = user(w.post("/v1/mgmt/user/update/loginid", wireManager, `{"loginId":"batch1b","newLoginId":"batch1c"}`))
	w.same("login IDs", u["loginIds"], any([]any{"batch1", "batch1c"}))
	u = user(w.post("/v1/mgmt/user/update/status", wireManager, `{"loginId":"batch1","status":"disabled"}`))
	w.same("status", u["status"], any("disabled"))

	trail := w.post("/v1/mgmt/audit/search", wireManager, `{"externalIds":["batch1"],"actions":["UserModified"],"from":1,"to":4000000000000,"tenants":null}`)
	w.names("audits", trail, "audits total")
	record := trail["audits"].([]any)[0].(map[string]any)
	w.names("audit", record, "projectId userId action type occurred device method geo remoteAddress externalIds tenants data")
	w.same("audit", []any{record["userId"], record["action"], record["occurred"]}, []any{id, "UserModified", "1772366400000"})
	w.same("delete batch", w.post("/v1/mgmt/user/delete/batch", wireManager, `{"userIds":["`+id+`","U0"]}`), map[string]any{})
	w.call("GET", "/v1/mgmt/user?loginId=batch1", wireManager, "", 404)
}

// emailOwner makes a user whose login ID is the email, and gives the status of a conflict.
func (w *wire) emailOwner(email string) int {
	w.t.Helper()
	w.post("/v1/mgmt/user/create", wireManager, `{"loginId":"`+email+`","email":"`+email+`","verifiedEmail":true}`)
	return 409
}
