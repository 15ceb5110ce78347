package emulator_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// again is the project as another emulator has it that was given the export.
func (b *bench) again(seed uint64) *bench {
	b.t.Helper()
	exported := b.ask(http.MethodGet, "")
	if exported.status != http.StatusOK {
		b.t.Fatalf("export: %d %s", exported.status, exported.text)
	}
	o := &bench{t: b.t, clock: b.clock, project: b.project}
	o.emulator = emulator.New(emulator.Options{Clock: b.clock.Now, Seed: seed})
	o.api, o.admin = newServer(b.t, o.emulator.Handler()), newServer(b.t, o.emulator.Admin(secret.New(adminKey)))
	if r := o.tell(http.MethodPut, "", exported.text); r.status != http.StatusCreated {
		b.t.Fatalf("import: %d %s", r.status, r.text)
	}
	if diff := cmp.Diff(indented(b.t, o.ask(http.MethodGet, "").text), indented(b.t, exported.text)); diff != "" {
		b.t.Errorf("what was imported is exported otherwise (-got +want):\n%s", diff)
	}
	return o
}

func indented(tb testing.TB, text string) string {
	tb.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", " "); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

// A project that was exported in the middle of everything goes on elsewhere, and the two
// give the same answers to the byte.
func TestC13ExportRoundTrip(t *testing.T) {
	t.Parallel()
	half := 0.5
	for _, algorithm := range policy.SigningAlgs() {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(p *policy.Project) {
				p.SigningAlg = algorithm
				p.RefreshTokenRotation, p.RefreshTokenReuseInterval = true, policy.Duration(time.Minute)
				p.OTP.WindowAttempts, p.OTP.AttemptsWindow = 4, policy.Duration(time.Hour)
				p.OTP.Resend = policy.ResendCoexist
				p.RateLimit = policy.RateLimitCustom
				p.Limits = []policy.Limit{{
					Name: "cooldown", By: policy.ByRecipient, Requests: 3, Window: policy.Duration(time.Hour), Routes: []string{}, Except: []string{},
				}}
				p.Faults = []policy.Fault{{
					Name: "odd", Match: "GET /*", Phase: policy.PhaseBefore, Action: policy.FaultStatus, Probability: &half,
				}}
			})
			const carol, test = "+15555550103", "+15555550104"
			b.moveClock(`{"freeze":true,"advance":"1m","skew":"-10s"}`)
			first := b.signUp(alice)
			b.rotate("")
			var signedIn descope.AuthResponse
			b.post(descope.PathRefresh, b.as(first.RefreshJWT), struct{}{}).into(t, &signedIn)
			b.sendCode(alice)
			b.sendCode(alice)
			codes := b.messages(alice)
			b.verifyCode(descope.MethodSMS, alice, "x")
			pending := b.post(descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{
				Identity:     identity(carol),
				LoginOptions: &descope.LoginOptions{CustomClaims: map[string]any{"n": json.Number("12345678901234567890"), "l": []string{"a"}}},
			})
			if pending.status != 200 {
				t.Fatal(pending.text)
			}
			b.post(descope.PathTestUserCreate, b.manager(), descope.CreateUserRequest{Identity: identity(test)})
			embedded := b.embeddedToken(alice)

			b.get(descope.PathMe, b.public()) // for the fault to count
			b.ask(http.MethodPost, "/delivery/pause")
			b.post(descope.Path(descope.PathOTPSignUp, descope.MethodSMS), b.public(), descope.SignUpRequest{Identity: identity(bob)})

			o := b.again(99)
			var stories [2]string
			for i, x := range []*bench{b, o} {
				var told strings.Builder
				say := func(r reply) { told.WriteString(r.text + "\n") }
				say(x.get(descope.PathMe, x.as(signedIn.RefreshJWT)))
				say(x.post(descope.PathRefresh, x.as(first.RefreshJWT), struct{}{})) // within the grace
				say(x.verifyCode(descope.MethodSMS, alice, "y"))
				say(x.verifyCode(descope.MethodSMS, alice, codes[0].Code))
				say(x.verify(x.messages(carol)[0].token(t)))
				say(x.verify(embedded))
				say(x.verify(embedded))
				say(x.post(descope.Path(descope.PathOTPSignIn, descope.MethodSMS), x.public(), descope.SignInRequest{Identity: identity(alice)}))
				say(x.verifyCode(descope.MethodSMS, alice, "z"))
				say(x.verifyCode(descope.MethodSMS, alice, "z"))
				say(x.verifyCode(descope.MethodSMS, alice, "z"))
				say(x.post(descope.PathGenerateOTP, x.manager(), map[string]string{"loginId": test, "deliveryMethod": "sms"}))
				say(x.post(descope.PathUserSearch, x.manager(), map[string]any{"withTestUser": true}))
				say(x.ask(http.MethodGet, "/messages?read=true"))
				say(x.ask(http.MethodPost, "/delivery/resume"))
				say(x.ask(http.MethodGet, "/messages?recipient=%2B15555550102"))
				say(x.ask(http.MethodGet, "/messages/counts"))
				say(x.ask(http.MethodGet, "/verifications"))
				for range 8 {
					say(x.get(descope.PathMe, x.as(signedIn.RefreshJWT)))
				}
				say(x.ask(http.MethodGet, "/faults"))
				x.moveClock(`{"advance":"700h"}`)
				say(x.get(descope.PathMe, x.as(signedIn.RefreshJWT)))
				say(x.ask(http.MethodPost, "/keys/rotate?revoke=true"))
				say(x.ask(http.MethodGet, "/clock"))
				stories[i] = told.String()
			}
			if diff := cmp.Diff(strings.Split(stories[1], "\n"), strings.Split(stories[0], "\n")); diff != "" {
				t.Errorf("the two differ (-imported +exported):\n%s", diff)
			}
		})
	}
}

func TestImportRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(alice)
	b.sendCode(alice)
	text := b.ask(http.MethodGet, "").text
	if r := b.tell(http.MethodPut, "", text); r.status != 409 {
		t.Errorf("import over a project: %d %s", r.status, r.text)
	}
	id := b.project.ID
	b.project.ID = "Pother"
	if r := b.tell(http.MethodPut, "", text); r.status != 400 || !strings.Contains(r.text, "another project ID") {
		t.Errorf("import under another ID: %d %s", r.status, r.text)
	}
	b.emulator.DropProject(id)
	b.project.ID = id
	for old, broken := range map[string]string{
		`"format_version":1`:  `"format_version":2`,
		`"life":1`:            `"lives":1`,
		`"keys":[{`:           `"keys":[{"kind":"x",`,
		`"random":"`:          `"random":"AAAA`,
		`"frozen":false`:      `"frozen":7`,
		`"tries":0`:           `"tries":5`,
		`"private":"`:         `"private":"AAAA`,
		`"algorithm":"ES256"`: `"algorithm":"RS256"`,
	} {
		changed := strings.Replace(text, old, broken, 1)
		if changed == text {
			t.Errorf("the export holds no %s", old)
			continue
		}
		if r := b.tell(http.MethodPut, "", changed); r.status != 400 {
			t.Errorf("%s in place of %s: %d %.200s", broken, old, r.status, r.text)
		}
	}
	var document map[string]any
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	document["state"].(map[string]any)["users"] = []any{}
	orphaned, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	if r := b.tell(http.MethodPut, "", string(orphaned)); r.status != 400 {
		t.Errorf("a state without its users: %d %s", r.status, r.text)
	}
	if r := b.tell(http.MethodPut, "", text); r.status != 201 {
		t.Errorf("the state itself: %d %s", r.status, r.text)
	}
}

// A key that came with an imported project is not given to another project as well.
func TestImportedKeysStayApart(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.SigningAlg = policy.RS256 })
	o := b.again(42)
	imported := o.keys().Keys[0].KeyID
	for range 3 {
		made, err := o.emulator.CreateProject("", secret.String{}, policy.Default())
		if err != nil {
			t.Fatal(err)
		}
		other := &bench{t: t, project: made, api: o.api}
		if other.keys().Keys[0].KeyID == imported {
			t.Error("two projects share a key")
		}
	}
}
