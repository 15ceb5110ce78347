package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// Users and sign-ups of one login ID go on apart in another emulator.
func TestC13ExportOfIsolatedTenants(t *testing.T) {
	t.Parallel()
	b := newBench(t, isolated, func(p *policy.Project) {
		p.Users = []policy.User{{Key: "a", Email: benMail, Tenants: []string{"T1"}}, {Key: "b", Email: benMail, Tenants: []string{"T2"}}}
	})
	one, other := b.enter(annMail, "T1"), b.enter(annMail, "T2")
	// The oldest user comes to the login ID last.
	b.changed(b.manage(http.MethodPost, descope.PathUserUpdate, `{"loginId":"`+one.User.UserID+`","userTenants":[{"tenantId":"T1"}],"additionalIdentifiers":["shared"]}`))
	b.member("shared@x.test", "T3")
	b.changed(b.manage(http.MethodPost, descope.PathUserUpdateLogin, `{"loginId":"shared@x.test","newLoginId":"shared"}`))
	codes := map[string]string{}
	for _, tenant := range []string{"T1", "T2", "T3", "T4"} {
		b.into(annMail, tenant)
		codes[tenant] = b.take(annMail).Code
	}
	o := b.again(99)
	var stories [2]string
	for i, x := range []*bench{b, o} {
		var told strings.Builder
		say := func(r reply) { told.WriteString(r.text + "\n") }
		say(x.verifyIn(annMail, codes["T3"], "T4"))
		say(x.verifyIn(annMail, codes["T3"], "T3"))
		for _, tenant := range []string{"T1", "T2", "T4"} {
			say(x.verifyIn(annMail, codes[tenant], ""))
		}
		say(x.post(descope.PathRefresh, x.as(other.RefreshJWT), struct{}{}))
		say(x.manage(http.MethodPost, descope.PathUserSearch, `{"loginIds":["shared","ann@x.test","ben@x.test"]}`))
		say(x.manage(http.MethodGet, descope.PathUserLoad+"?loginId=shared", ""))
		say(x.into("shared", "T4"))
		say(x.into(benMail, "T2"))
		say(x.ask(http.MethodGet, "/users"))
		say(x.ask(http.MethodGet, ""))
		stories[i] = told.String()
	}
	if stories[0] != stories[1] {
		t.Errorf("the two answer differently:\n%s\n%s", stories[0], stories[1])
	}
}

// A document in which two users have one login ID in one tenant is no state.
func TestImportRefusesTwoInATenant(t *testing.T) {
	t.Parallel()
	b, _, _ := two(t)
	b.into(benMail, "T1")
	b.into(benMail, "T2")
	text := b.ask(http.MethodGet, "").text
	for name, from := range map[string]string{"users": `"tenantId":"T2"`, "isolation": `"tenant_user_isolation":true`} {
		broken := strings.ReplaceAll(text, from, strings.NewReplacer("T2", "T1", "true", "false").Replace(from))
		e := emulator.New(emulator.Options{Clock: b.clock.Now, Seed: 1})
		o := &bench{t: t, clock: b.clock, project: b.project, emulator: e, admin: newServer(t, e.Admin(secret.New(adminKey)))}
		if r := o.tell(http.MethodPut, "", broken); broken == text || r.status != http.StatusBadRequest || !strings.Contains(r.text, "login ID") {
			t.Errorf("%s: %d %s", name, r.status, r.text)
		}
		e.Close()
	}
}
