package target_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/lang"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/descope"
	"github.com/authbench/authbench/internal/steps/generic"
	"github.com/authbench/authbench/internal/target"
)

func TestMain(m *testing.M) {
	if os.Getenv(idleServer) != "" {
		if err := serveIdle(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1) //nolint:forbidigo // a process of its own, which only a test starts
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// load checks a configuration of the text, with base_url in place of URL.
func load(t testing.TB, text, baseURL string) *plan.Plan {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.hcl")
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(text, "URL", baseURL)), 0o600); err != nil {
		t.Fatal(err)
	}
	kinds := append(descope.Kinds(), generic.Kinds()...)
	loaded, err := lang.Load(lang.Options{Path: name, Registry: steps.NewRegistry([]*steps.Provider{descope.Provider()}, kinds...)})
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Plan == nil {
		t.Fatalf("the configuration has mistakes: %+v", loaded.Diags)
	}
	return loaded.Plan
}

const twoProviders = `
provider "descope" { base_url = "URL" }
provider "descope" {
  alias    = "second"
  base_url = "URL"
}
provider "descope" {
  alias    = "unused"
  base_url = "http://127.0.0.1:1"
}
inbox "sms" {}
scenario "x" {
  step "descope_otp_sign_up_or_in" "a" { login_id = "+12025550100" }
  step "descope_me" "b" { provider = descope.second }
  step "inbox_message" "c" {
    inbox = inbox.sms
    to    = "+12025550100"
    after = step.a.started_at
  }
}`

func TestOpenInProcess(t *testing.T) {
	t.Parallel()
	p := load(t, twoProviders, "emulator")
	s, diags, err := target.Open(t.Context(), []*plan.Plan{p}, target.Options{Seed: 7})
	if err != nil || len(diags) > 0 {
		t.Fatalf("opening: %v, %v", err, diags)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if len(s.Targets) != 2 || s.Targets[0].BaseURL != s.Targets[1].BaseURL || s.Targets[0].ProjectID == s.Targets[1].ProjectID {
		t.Errorf("two providers must be two projects of one emulator: %+v", s.Targets)
	}
	for _, x := range s.Targets {
		if x.Kind != result.Emulator || !plan.Loopback(x.BaseURL) {
			t.Errorf("target %+v is not an emulator on loopback", x)
		}
	}
	if len(s.Environment.Inboxes) != 1 || len(s.Environment.Conns) != 2 {
		t.Errorf("%d inboxes and %d connections are open, want 1 and 2", len(s.Environment.Inboxes), len(s.Environment.Conns))
	}
	if key := p.Providers[0].Args.String("management_key"); key == "" || !knows(p, key) {
		t.Error("the management key that was made must be known as a secret")
	}
}

func knows(p *plan.Plan, text string) bool {
	for _, s := range p.Secrets {
		if s.Equal(text) {
			return true
		}
	}
	return false
}

func TestStandAlone(t *testing.T) {
	t.Parallel()
	em := emulator.New(emulator.Options{Seed: 1})
	api, token := httptest.NewServer(em.Handler()), secret.New("the-admin-token")
	admin := httptest.NewServer(em.Admin(token))
	defer api.Close()
	defer admin.Close()
	state := t.TempDir()
	remove, err := target.Register(state, target.Registration{BaseURL: api.URL, AdminURL: admin.URL, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	for name, opts := range map[string]target.Options{
		"by registration": {StateDir: state},
		"by flag":         {AdminURL: admin.URL + "/", AdminToken: token},
	} {
		p := load(t, twoProviders, api.URL)
		s, diags, err := target.Open(t.Context(), []*plan.Plan{p}, opts)
		if err != nil || len(diags) > 0 {
			t.Fatalf("%s: %v, %v", name, err, diags)
		}
		id := s.Targets[0].ProjectID
		if _, err := em.CreateProject(id, secret.String{}, policy.Default()); !errors.Is(err, emulator.ErrProjectExists) {
			t.Errorf("%s: project %s was not made for the run", name, id)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if em.DropProject(id) {
			t.Errorf("%s: project %s was left behind", name, id)
		}
	}
	if err := remove(); err != nil {
		t.Fatal(err)
	}
	_, diags, err := target.Open(t.Context(), []*plan.Plan{load(t, twoProviders, api.URL)}, target.Options{StateDir: state})
	if err != nil || !diags.HasErrors() || diags[0].Summary != "Emulated project not known" {
		t.Errorf("without an admin listener: got %v, %v", diags, err)
	}
}

func TestWrongAdminToken(t *testing.T) {
	t.Parallel()
	em := emulator.New(emulator.Options{})
	api, admin := httptest.NewServer(em.Handler()), httptest.NewServer(em.Admin(secret.New("right-token")))
	defer api.Close()
	defer admin.Close()
	_, _, err := target.Open(t.Context(), []*plan.Plan{load(t, twoProviders, api.URL)}, target.Options{AdminURL: admin.URL, AdminToken: secret.New("wrong-token")})
	var away *target.Unreachable
	if !errors.As(err, &away) || strings.Contains(err.Error(), "wrong-token") {
		t.Errorf("got %v, want an admin listener that refuses, without the token", err)
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	_, _, err := target.Open(t.Context(), []*plan.Plan{load(t, twoProviders, gone.URL)}, target.Options{})
	var away *target.Unreachable
	if !errors.As(err, &away) || !strings.Contains(err.Error(), gone.URL) {
		t.Errorf("got %v, want an error that names %s", err, gone.URL)
	}
}

func TestLive(t *testing.T) {
	t.Parallel()
	live := httptest.NewServer(http.NotFoundHandler())
	defer live.Close()
	env := func(name string) (string, bool) {
		v, ok := map[string]string{"DESCOPE_PROJECT_ID": "Pfromenv", "DESCOPE_MANAGEMENT_KEY": "Kfromenv"}[name]
		return v, ok
	}
	const one = `
provider "descope" {
  base_url = "URL"
  LIMITS
}
scenario "x" {
  TARGETS
  step "descope_me" "a" {}
}`
	for _, c := range []struct{ name, limits, targets, want string }{
		{"no limits", "", "", "Missing limits"},
		{"limits without a rate", "limits {}", "", "Missing limits"},
		{"for emulators alone", "limits { requests_per_second = 5 }", `targets = ["emulator"]`, "Scenario not allowed on this target"},
		{"for staging", "limits { requests_per_second = 5 }", `targets = ["staging"]`, ""},
	} {
		text := strings.NewReplacer("LIMITS", c.limits, "TARGETS", c.targets).Replace(one)
		p := load(t, text, live.URL)
		s, diags, err := target.Open(t.Context(), []*plan.Plan{p}, target.Options{LookupEnv: env})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		got := ""
		if len(diags) > 0 {
			got = diags[0].Summary
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if s == nil {
			continue
		}
		want := []result.Target{{Suite: p.Suite, Provider: "descope", BaseURL: live.URL, ProjectID: "Pfromenv", Kind: result.Live}}
		if diff := cmp.Diff(s.Targets, want); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if !knows(p, "Kfromenv") {
			t.Errorf("%s: a key from the environment must be known as a secret", c.name)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestRegistrationIsPrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	remove, err := target.Register(dir, target.Registration{BaseURL: "http://127.0.0.1:8787", AdminURL: "http://127.0.0.1:8788", Token: secret.New("x")})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "emulators", "127.0.0.1-8787.json")
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("the file with the token has mode %o, want 600", got)
	}
	if err := remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Error("the registration was not taken away")
	}
}
