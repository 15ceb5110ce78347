package desk_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/emulator/desk"
	"github.com/authbench/authbench/internal/secret"
)

func get(t *testing.T, path, host string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Host = host
	w := httptest.NewRecorder()
	desk.Handler().ServeHTTP(w, r)
	return w
}

// TestEveryFile asks for each file as a browser does.
func TestEveryFile(t *testing.T) {
	t.Parallel()
	types := map[string]string{"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
	files, err := fs.Glob(os.DirFS("."), "assets/*")
	if err != nil || len(files) < 10 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, name := range files {
		path := "/" + name
		if name == "assets/index.html" {
			path = "/"
		}
		w := get(t, path, "127.0.0.1:8788")
		if w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Errorf("%s: %d, %d bytes", path, w.Code, w.Body.Len())
		}
		_, ending, _ := strings.Cut(name, ".")
		if got := w.Header().Get("Content-Type"); got == "" || got != types[ending] {
			t.Errorf("%s: type %q, want %q", path, got, types[ending])
		}
		policy := w.Header().Get("Content-Security-Policy")
		for _, want := range []string{
			"default-src 'none'; ", "script-src 'self'; ", "style-src 'self'; ", "connect-src 'self'; ", "img-src 'self' data:; ",
			"base-uri 'none'; ", "form-action 'none'; ", "frame-ancestors 'none'; ", "require-trusted-types-for 'script'",
		} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: policy %q lacks %q", path, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{
		"/nothing": 404, "/assets/": 404, "/assets/nothing.js": 404, "/assets/..%2fdesk.go": 404, "/assets/%2e%2e": 404,
	} {
		if w := get(t, path, "localhost:8788"); w.Code != want {
			t.Errorf("%s: got %d, want %d", path, w.Code, want)
		}
	}
	if w := get(t, "/", "evil.example:8788"); w.Code != http.StatusMisdirectedRequest {
		t.Errorf("under a foreign name: %d", w.Code)
	}
}

// TestNothingFromOutside looks for what the policy would forbid, and for text that could
// become markup.
func TestNothingFromOutside(t *testing.T) {
	t.Parallel()
	bad := regexp.MustCompile(`(?i)innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|<style|<script>|\son[a-z]+="|style="|src="http|href="http|@import|url\(`)
	files := os.DirFS(".")
	names, err := fs.Glob(files, "assets/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		if found := bad.FindString(string(text)); found != "" {
			t.Errorf("%s holds %q", name, found)
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	got := desk.Address("http://127.0.0.1:8788", secret.New("a b&c#d+e%"), "P1")
	if want := "http://127.0.0.1:8788/#project=P1&token=a+b%26c%23d%2Be%25"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
