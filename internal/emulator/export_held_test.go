package emulator_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// What users wait for and what is told of them go on elsewhere as well: enchanted links in
// every state, generated links, barred addresses, histories, the audit trail, the terms of
// deliveries.
func TestC13ExportRoundTripOfWhatIsHeld(t *testing.T) {
	t.Parallel()
	const verifier, test, clicked, ended = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "test@x.test", "clicked@x.test", "ended@x.test"
	hash := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(hash[:])
	b := newBench(t)
	ask := func(x *bench, login, options string) (ref string) {
		return x.enchanted(x.enchant(descope.PathEnchantedLinkSignUpOrIn, `{"loginId":"`+login+`"`+options+`}`)).PendingRef
	}
	mailed := b.mailUser(alicesMail)
	stepped := b.signUp(alice)
	stepped = b.signIn(b.as(stepped.RefreshJWT), descope.LoginOptions{StepUp: true})

	waits := ask(b, alicesMail, `,"loginOptions":{"pkceChallenge":"`+challenge+`","revokeOtherSessions":true}`)
	token := b.take(alicesMail).token(t)
	collects := ask(b, clicked, "")
	b.click(b.take(clicked).token(t), "")
	inVain := ask(b, ended, "")
	b.click(b.take(ended).token(t), "")
	b.post(descope.PathUserLogout, b.manager(), descope.UserRequest{Identity: identity(ended)})

	b.manage(http.MethodPost, descope.PathTestUserCreate, `{"loginId":"`+test+`","email":"`+test+`"}`)
	b.testUser("+15555550188")
	var generated descope.GeneratedEnchantedLink
	b.manage(http.MethodPost, descope.PathGenerateEnchant, `{"loginId":"`+test+`"}`).into(t, &generated)
	_, generatedToken, _ := strings.Cut(generated.Link, "t=")
	link := b.generateLink("+15555550188")

	b.manage(http.MethodPost, descope.PathUserCreate, `{"loginId":"bob"}`)
	b.manage(http.MethodPost, descope.PathUserUpdateEmail, `{"loginId":"bob","email":"bob@x.test","verified":false,"addToLoginIDs":true}`)
	b.manage(http.MethodPost, descope.PathUserCreate, `{"loginId":"carol"}`)
	b.manage(http.MethodPost, descope.PathUserUpdatePhone, `{"loginId":"carol","phone":"+15555550177","verified":false}`)
	terms := policy.DefaultDelivery()
	terms.Duplicate, terms.Loss = 0.5, 0.25
	b.setDelivery(terms)
	b.sendCodes(bob, 3)

	o := b.again(99)
	var stories [2]string
	for i, x := range []*bench{b, o} {
		var told strings.Builder
		say := func(r reply) { told.WriteString(r.text + "\n") }
		say(x.ask(http.MethodGet, "/users"))
		say(x.poll(waits))
		say(x.click(token, "wrong"))
		say(x.click(token, verifier))
		say(x.poll(waits))
		say(x.poll(waits))
		say(x.get(descope.PathMe, x.as(mailed.RefreshJWT))) // revoked
		say(x.poll(collects))
		say(x.poll(inVain))
		say(x.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"`+test+`"}`)) // tells the generated reference
		say(x.click(generatedToken, ""))
		say(x.poll(generated.PendingRef))
		say(x.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), x.public(), descope.SignInRequest{Identity: identity("+15555550188")}))
		say(x.verify(link))
		say(x.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"bob@x.test"}`))
		say(x.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"bob"}`))
		say(x.post(descope.Path(descope.PathOTPSignIn, descope.MethodSMS), x.public(), descope.SignInRequest{Identity: identity("carol")}))
		say(x.post(descope.PathRefresh, x.as(stepped.RefreshJWT), struct{}{}))
		say(x.get(descope.PathMyHistory, x.as(stepped.RefreshJWT)))
		say(x.manage(http.MethodPost, descope.PathAuditSearch, `{}`))
		say(x.ask(http.MethodGet, "/delivery"))
		for range 8 {
			say(x.requestCode(bob))
		}
		say(x.ask(http.MethodGet, "/messages?state=all"))
		say(x.ask(http.MethodGet, "/messages/counts"))
		say(x.ask(http.MethodGet, "/verifications"))
		stories[i] = told.String()
	}
	if diff := cmp.Diff(strings.Split(stories[1], "\n"), strings.Split(stories[0], "\n")); diff != "" {
		t.Errorf("the two differ (-imported +exported):\n%s", diff)
	}
	for _, want := range []string{ // or the story tells nothing
		"E062503", "E011004", "E063010", `"sessionJwt"`, descope.CodeLoggedOut, generated.PendingRef, "LoginStarted", `"step_up":true`, `"state":"lost"`, `"loginTime"`,
	} {
		if !strings.Contains(stories[0], want) {
			t.Errorf("the story does not tell of %s:\n%s", want, stories[0])
		}
	}
}

// An export shows the secrets of the policy, or the project could not be made again.
func TestExportCarriesSecretsOfThePolicy(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	b := newBench(t, gatewayTo(r.URL, func(g *policy.SMSGateway) {
		g.HMACSecret, g.Headers = policy.NewSecret("signing-secret"), map[string]policy.Secret{"X-Key": policy.NewSecret("header-secret")}
	}))
	o := b.again(99)
	for i, x := range []*bench{b, o} {
		text := x.ask(http.MethodGet, "").text
		if !strings.Contains(text, "signing-secret") || !strings.Contains(text, "header-secret") {
			t.Error("an export lacks a secret")
		}
		x.sendCodes(alice, 1)
		x.posted(alice)
		if all := r.all(); len(all) != i+1 || all[i].header.Get("X-Key") != "header-secret" {
			t.Errorf("%d requests at the gateway, %d wanted with the secret", len(all), i+1)
		}
	}
	if all := r.all(); len(all) != 2 || string(all[0].body) != string(all[1].body) ||
		all[0].header.Get("X-Descope-Webhook-S256") == "" ||
		all[0].header.Get("X-Descope-Webhook-S256") != all[1].header.Get("X-Descope-Webhook-S256") {
		t.Errorf("the two post otherwise: %+v", all)
	}
}

func TestImportRefusalsOfWhatIsHeld(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mailUser(alicesMail)
	b.enchanted(b.enchant(descope.PathEnchantedLinkSignIn, `{"loginId":"`+alicesMail+`"}`))
	text := b.ask(http.MethodGet, "").text
	b.emulator.DropProject(b.project.ID)
	for old, broken := range map[string]string{
		`"awaited":"`:                                   `"awaited":"AAAA`,
		`"pending_sessions":[{"key":"`:                  `"pending_sessions":[{"key":"AAAA`,
		`"reject_at":"delivery","carrier":[]},"random"`: `"reject_at":"x","carrier":[]},"random"`,
	} {
		changed := strings.Replace(text, old, broken, 1)
		if changed == text {
			t.Errorf("the export holds no %s", old)
		} else if r := b.tell(http.MethodPut, "", changed); r.status != 400 {
			t.Errorf("%s in place of %s: %d %.200s", broken, old, r.status, r.text)
		}
	}
	if r := b.tell(http.MethodPut, "", text); r.status != 201 {
		t.Errorf("the state itself: %d %s", r.status, r.text)
	}
}
