package target_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/target"
)

// TestCheckLoad finds what a load would send to a live target that nothing bounds.
func TestCheckLoad(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"elsewhere": {`step "http_request" "a" { url = "http://192.0.2.1:81/x" }`, []string{"http://192.0.2.1:81"}},
		"for each": {`step "http_request" "a" { 
for_each = toset(["1", "2"]) 
url = "http://192.0.2.1:81/${each.key}" 
}`, []string{"http://192.0.2.1:81"}},
		"teardown": {`step "pause" "wait" { duration = "1ms" }
teardown { 
step "http_request" "a" { url = "https://other.test/x" } 
}`, []string{"https://other.test"}},
		"never": {`step "http_request" "a" { 
when = false 
url = "http://192.0.2.1:81/x" 
}`, nil},
		"this machine":  {`step "http_request" "a" { url = "http://127.0.0.1:81/x" }`, nil},
		"provider":      {`step "http_request" "a" { url = "https://live.test/x" }`, nil},
		"other port":    {`step "http_request" "a" { url = "https://live.test:1/x" }`, []string{"https://live.test:1"}},
		"not known yet": {`step "http_request" "a" { url = "http://192.0.2.1/${iteration.id}" }`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := load(t, `provider "descope" {
  base_url   = "https://live.test"
  project_id = "P1"
  limits { requests_per_second = 1 }
}
scenario "x" {
`+tt.text+`
}`, "")
			var got []string
			for _, s := range p.Strays() {
				got = append(got, s.Origin)
			}
			if diff := cmp.Diff(got, tt.want); diff != "" {
				t.Error(diff)
			}
			diags := target.CheckLoad(p)
			if diags.HasErrors() != (tt.want != nil) {
				t.Fatalf("got %+v", diags)
			}
			for _, d := range diags {
				if d.Range == nil || !strings.HasPrefix(d.Snippet.Code[d.Snippet.HighlightStart:], `"http`) || !strings.Contains(d.Detail, "Declare a provider with this base_url and limits") {
					t.Errorf("got %+v", d)
				}
			}
		})
	}
}

// TestPlainRequestsOpenTheirProvider: one whose address only plain requests reach is a
// target like any other, with its limits, settings and consent.
func TestPlainRequestsOpenTheirProvider(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	for name, tt := range map[string]struct {
		url  string
		want int
	}{
		"constant": {"URL/x", 1}, "elsewhere": {"http://127.0.0.1:1/x", 0}, "not known": {"URL/${iteration.id}", 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := load(t, `provider "descope" {
  base_url   = "URL"
  project_id = "P1"
  limits { requests_per_second = 100 }
}
provider "descope" {
  alias    = "built_in"
  base_url = "emulator"
}
scenario "x" {
  step "http_request" "a" { url = "`+tt.url+`" }
}`, srv.URL)
			s, diags, err := target.Open(t.Context(), []*plan.Plan{p}, target.Options{})
			if err != nil || len(diags) > 0 {
				t.Fatalf("opening: %v, %v", err, diags)
			}
			defer func() { _ = s.Close() }()
			if len(s.Targets) != tt.want || len(s.Environment.Clients) != tt.want {
				t.Errorf("%d targets and %d clients are open, want %d", len(s.Targets), len(s.Environment.Clients), tt.want)
			}
		})
	}
}
