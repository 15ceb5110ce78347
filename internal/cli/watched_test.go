package cli_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// watched is an emulator whose traffic is read along: every token, link and code that
// passes is noted.
type watched struct {
	api, admin                  *httptest.Server
	key, echoKey, canary, token string

	mu   sync.Mutex
	seen map[string]bool
}

func newWatched(t *testing.T) *watched {
	t.Helper()
	w := &watched{
		key: "Kcanary-management/1+2", echoKey: "Kcanary-echo/3+4", canary: "canary \"var\"/5+6?&", token: "Tcanary-admin-7",
		seen: map[string]bool{},
	}
	em := emulator.New(emulator.Options{Seed: 7})
	for id, key := range map[string]string{"Pgood": w.key, "Pecho": w.echoKey} {
		p := policy.Default()
		p.SigningAlg = policy.ES256
		if _, err := em.CreateProject(id, secret.New(key), p); err != nil {
			t.Fatal(err)
		}
	}
	w.api = httptest.NewServer(w.watch(echo(em.Handler())))
	w.admin = httptest.NewServer(w.watch(em.Admin(secret.New(w.token))))
	t.Cleanup(w.api.Close)
	t.Cleanup(w.admin.Close)
	return w
}

// secrets lists all that must not be told.
func (w *watched) secrets() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Concat([]string{w.key, w.echoKey, w.canary, w.token}, slices.Sorted(maps.Keys(w.seen)))
}

// watch notes what passes through a handler.
func (w *watched) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		w.note(r.Header.Get("Authorization"), string(body), rec.Body.String())
		maps.Copy(rw.Header(), rec.Header())
		rw.WriteHeader(rec.Code)
		_, _ = rw.Write(rec.Body.Bytes())
	})
}

var (
	anyJWT   = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_.-]*`)
	linkPart = regexp.MustCompile(`[?&]t=([A-Za-z0-9_-]{16,})`)
	digits   = regexp.MustCompile(`^[0-9]{6}$`)
)

func (w *watched) note(texts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, text := range texts {
		for _, jwt := range anyJWT.FindAllString(text, -1) {
			w.seen[jwt] = true
		}
		for _, m := range linkPart.FindAllStringSubmatch(text, -1) {
			w.seen[m[1]] = true
		}
		var doc any
		if json.Unmarshal([]byte(text), &doc) == nil {
			w.fields(doc)
		}
	}
}

// fields notes the values that carry a secret by their name.
func (w *watched) fields(doc any) {
	switch doc := doc.(type) {
	case map[string]any:
		for name, v := range doc {
			text, ok := v.(string)
			switch name {
			case "code":
				if ok && digits.MatchString(text) {
					w.seen[text] = true
				}
			case "token", "link", "sessionJwt", "refreshJwt":
				if ok && text != "" {
					w.seen[text] = true
				}
			default:
				w.fields(v)
			}
		}
	case []any:
		for _, v := range doc {
			w.fields(v)
		}
	}
}

// echo refuses everything of project Pecho, and below /echo, with what was asked: as it
// is and in every other form.
func echo(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		auth := r.Header.Get("Authorization")
		echoed := strings.HasPrefix(auth, "Bearer Pecho") && !strings.HasPrefix(r.URL.Path, "/v2/keys/")
		if !echoed && !strings.HasPrefix(r.URL.Path, "/echo") {
			next.ServeHTTP(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		all := fmt.Sprintf("%s %s %s %s", r.URL, auth, r.Header.Get("X-Canary"), body)
		forms := shapes(all)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"errorCode": "E011003", "errorDescription": "you asked: " + all, "errorMessage": auth, "forms": forms,
		})
	})
}

// shapes are the forms in which a text may travel.
func shapes(text string) map[string]string {
	quoted, _ := json.Marshal(text)
	return map[string]string{
		"raw":        text,
		"JSON":       string(quoted[1 : len(quoted)-1]),
		"query":      url.QueryEscape(text),
		"path":       url.PathEscape(text),
		"base64":     base64.StdEncoding.EncodeToString([]byte(text)),
		"base64 +1":  base64.StdEncoding.EncodeToString([]byte("x" + text)),
		"base64 +2":  base64.StdEncoding.EncodeToString([]byte("xy" + text)),
		"base64url":  base64.RawURLEncoding.EncodeToString([]byte(text)),
		"hex":        hex.EncodeToString([]byte(text)),
		"upper hex":  strings.ToUpper(hex.EncodeToString([]byte(text))),
		"JSON twice": strings.ReplaceAll(strings.ReplaceAll(string(quoted[1:len(quoted)-1]), `\`, `\\`), `"`, `\"`),
	}
}

// leaks finds secrets in a text, in any of their shapes, and tokens that nobody noted.
func leaks(text string, secrets []string) []string {
	var out []string
	for _, s := range secrets {
		for name, form := range shapes(s) {
			switch name {
			case "base64", "base64url":
				form = inner(form, len(s), 0)
			case "base64 +1":
				form = inner(form, len(s), 1)
			case "base64 +2":
				form = inner(form, len(s), 2)
			}
			if holds(text, form) {
				out = append(out, fmt.Sprintf("%q as %s: %q", s, name, form))
			}
		}
	}
	for _, jwt := range anyJWT.FindAllString(text, -1) {
		out = append(out, fmt.Sprintf("a token that starts with %.16q", jwt))
	}
	return out
}

// inner is the part of a base64 text that depends on n bytes from offset on alone.
func inner(encoded string, n, offset int) string {
	first := (offset*8 + 5) / 6
	last := (offset + n) * 8 / 6
	return encoded[first:last]
}

// holds looks for a form. Six digits count only as a number of their own: times and
// seeds have digits too.
func holds(text, form string) bool {
	// A short text is searched for in a fraction of the time that a token takes.
	const short = 24
	if !strings.Contains(text, form[:min(short, len(form))]) || !strings.Contains(text, form) {
		return false
	}
	if !digits.MatchString(form) {
		return true
	}
	return regexp.MustCompile(`(^|[^0-9.])` + form + `([^0-9]|$)`).MatchString(text)
}

// address is where something is served, metrics if nothing else is asked for, once
// stderr has told it.
type address struct {
	pattern *regexp.Regexp
	mu      sync.Mutex
	known   chan string
	rest    string
}

func newAddress() *address { return &address{pattern: metricsURL, known: make(chan string, 1)} }

var metricsURL = regexp.MustCompile(`metrics are served" url=(\S+)`)

// tee reads a log on its way to w.
func (a *address) tee(w io.Writer) io.Writer { return io.MultiWriter(w, a) }

// Write implements io.Writer.
func (a *address) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rest += string(p)
	if m := a.pattern.FindStringSubmatch(a.rest); m != nil {
		select {
		case a.known <- m[1]:
		default:
		}
		a.rest = ""
	}
	return len(p), nil
}

func (a *address) wait(ctx context.Context) string {
	select {
	case url := <-a.known:
		return url
	case <-ctx.Done():
		return ""
	}
}
