package target_test

import (
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/target"
)

const seededProviders = `
provider "descope" {
  base_url   = "URL"
  project_id = "Pnamed"
  emulator { seed = 5 }
}
provider "descope" {
  alias    = "unnamed"
  base_url = "URL"
  emulator { seed = 6 }
}
provider "descope" {
  alias      = "seedless"
  base_url   = "URL"
  project_id = "Pseedless"
}
scenario "x" {
  step "descope_me" "a" {}
  step "descope_me" "b" { provider = descope.unnamed }
  step "descope_me" "c" { provider = descope.seedless }
}`

// opened is what a run is given of its projects: IDs and management keys.
func opened(t *testing.T, baseURL string, opts target.Options) (made [][2]string, closing func()) {
	t.Helper()
	p := load(t, seededProviders, baseURL)
	s, diags, err := target.Open(t.Context(), []*plan.Plan{p}, opts)
	if err != nil || len(diags) > 0 {
		t.Fatalf("opening: %v, %v", err, diags)
	}
	for _, provider := range p.Providers {
		made = append(made, [2]string{provider.Args.String("project_id"), provider.Args.String("management_key")})
	}
	return made, func() {
		t.Helper()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// The seed of a provider decides what its project makes up, each provider's its own, in
// an emulator of this process and in another.
func TestSeedOfAProvider(t *testing.T) {
	t.Parallel()
	first, closing := opened(t, "emulator", target.Options{Seed: 1})
	closing()
	second, closing := opened(t, "emulator", target.Options{Seed: 2})
	closing()
	if diff := cmp.Diff(second[:2], first[:2]); diff != "" {
		t.Errorf("another seed of the run changes projects that have their own (-got +want):\n%s", diff)
	}
	if first[2][1] == second[2][1] {
		t.Error("the seed of the run does not decide the project that has none")
	}

	em := emulator.New(emulator.Options{Seed: 3})
	defer em.Close()
	api, token := httptest.NewServer(em.Handler()), secret.New("the-admin-token")
	admin := httptest.NewServer(em.Admin(token))
	defer api.Close()
	defer admin.Close()
	opts := target.Options{AdminURL: admin.URL, AdminToken: token}
	for range 2 { // one run after the other
		alone, closing := opened(t, api.URL, opts)
		closing()
		if diff := cmp.Diff(alone[:2], first[:2]); diff != "" {
			t.Errorf("a stand-alone emulator (-got +want):\n%s", diff)
		}
	}
}

// Two runs of one seed at the same time have a project each.
func TestRunsOfOneSeed(t *testing.T) {
	t.Parallel()
	em := emulator.New(emulator.Options{})
	defer em.Close()
	api, token := httptest.NewServer(em.Handler()), secret.New("the-admin-token")
	admin := httptest.NewServer(em.Admin(token))
	defer api.Close()
	defer admin.Close()
	const one = `
provider "descope" {
  base_url = "URL"
  emulator { seed = 6 }
}
scenario "x" {
  step "descope_me" "a" {}
}`
	seen := map[string]bool{}
	for range 3 {
		p := load(t, one, api.URL)
		s, diags, err := target.Open(t.Context(), []*plan.Plan{p}, target.Options{AdminURL: admin.URL, AdminToken: token})
		if err != nil || len(diags) > 0 {
			t.Fatalf("opening: %v, %v", err, diags)
		}
		defer func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}()
		seen[s.Targets[0].ProjectID] = true
	}
	if len(seen) != 3 || !seen[emulator.ProjectID(6, 0)] || !seen[emulator.ProjectID(6, 2)] {
		t.Errorf("projects %v", seen)
	}
}
