// Package stepstest is the suite that every step kind must pass: its description is
// complete, it ends with its context, an answer that is no answer becomes a failed
// step that says so, and nothing secret stands in what it tells.
package stepstest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// Canary is part of every sensitive argument that the suite gives. It must not
// occur in anything that a kind tells.
const Canary = "canary-7f3a"

// Case is a kind under test.
type Case struct {
	Kind *steps.Kind
	// Args are valid arguments; absent ones get their defaults. Sensitive texts
	// should hold Canary.
	Args steps.Args
	// Body is that of the message which a kind that waits for one is given.
	Body string
	// Env makes what the kind runs with, against the server at this address. Nil is
	// for kinds that talk to no server: the suite of answers is then left out.
	Env func(t *testing.T, c client.Client, url string) *steps.Env
}

// Run puts a kind to the test.
func Run(t *testing.T, c Case) {
	t.Helper()
	t.Run(c.Kind.Name, func(t *testing.T) {
		t.Parallel()
		t.Run("description", func(t *testing.T) { t.Parallel(); described(t, c.Kind) })
		t.Run("check", func(t *testing.T) { t.Parallel(); checked(t, c) })
		if c.Kind.Await != nil {
			t.Run("await", func(t *testing.T) { t.Parallel(); awaited(t, c) })
		}
		if c.Env == nil {
			return
		}
		t.Run("cancel", func(t *testing.T) { t.Parallel(); canceled(t, c) })
		t.Run("timeout", func(t *testing.T) { t.Parallel(); timedOut(t, c) })
		t.Run("unreachable", func(t *testing.T) { t.Parallel(); unreachable(t, c) })
		for _, b := range brokenAnswers() {
			t.Run(b.name, func(t *testing.T) { t.Parallel(); broken(t, c, b) })
		}
	})
}

// described checks the data of a kind.
func described(t *testing.T, k *steps.Kind) {
	if k.Doc == "" || (k.Run == nil) == (k.Await == nil) || strings.Trim(k.Name, "abcdefghijklmnopqrstuvwxyz_") != "" {
		t.Errorf("kind %q has no doc, not one of run and await, or a name that is not in snake_case", k.Name)
	}
	common := map[string]bool{}
	for _, a := range steps.CommonResults() {
		common[a.Name] = true
	}
	results := map[string]bool{}
	for _, a := range k.Results {
		if a.Doc == "" || a.Type == cty.NilType || common[a.Name] || results[a.Name] {
			t.Errorf("result %q has no doc or type, or is there twice", a.Name)
		}
		results[a.Name] = true
	}
	args := map[string]bool{}
	for _, a := range k.Args {
		if a.Doc == "" || a.Type == cty.NilType || args[a.Name] {
			t.Errorf("argument %q has no doc or type, or is there twice", a.Name)
		}
		args[a.Name] = true
		if a.Sensitive && a.Echo {
			t.Errorf("argument %q is sensitive and echoes", a.Name)
		}
		if a.Echo && (common[a.Name] || results[a.Name]) {
			t.Errorf("argument %q echoes over a result", a.Name)
		}
		if a.Default != cty.NilVal && !a.Default.Type().Equals(a.Type) {
			t.Errorf("argument %q has a default of type %s", a.Name, a.Default.Type().FriendlyName())
		}
		if (a.Duration || len(a.OneOf) > 0) && a.Type != cty.String {
			t.Errorf("argument %q is a word or a duration, and not a text", a.Name)
		}
	}
	for _, a := range k.Results {
		if a.LikeBlock != "" && !args[a.LikeBlock] {
			t.Errorf("result %q is like the block %q, which is no argument", a.Name, a.LikeBlock)
		}
	}
}

// checked calls what runs before the step with known, unknown and null values.
func checked(t *testing.T, c Case) {
	unknown, null := steps.NewArgs(c.Kind.Args), steps.NewArgs(c.Kind.Args)
	for i, a := range c.Kind.Args {
		unknown.SetAt(i, eval.Of(cty.UnknownVal(a.Type)))
		null.SetAt(i, eval.Of(cty.NullVal(a.Type)))
	}
	for name, args := range map[string]steps.Args{"known": c.args(), "unknown": unknown, "null": null, "no": {}} {
		if c.Kind.Check != nil {
			if problems := c.Kind.Check(args); len(problems) > 0 && (name == "known" || name == "unknown") {
				t.Errorf("check of %s values: %v", name, problems)
			}
		}
		if c.Kind.Sends != nil {
			_ = c.Kind.Sends(args)
		}
		if c.Kind.Requests != nil {
			for _, r := range c.Kind.Requests(args) {
				if r.Method == "" && name == "known" || r.Path == "" || strings.Contains(r.Path, Canary) {
					t.Errorf("request of %s values: %+v", name, r)
				}
			}
		}
	}
}

// args gives the arguments with the defaults of the absent ones.
func (c Case) args() steps.Args {
	out := steps.NewArgs(c.Kind.Args)
	for i, a := range c.Kind.Args {
		v := cty.NullVal(a.Type)
		if a.Default != cty.NilVal {
			v = a.Default
		}
		if given := c.Args.Get(a.Name); !given.IsAbsent() {
			v = given.Cty()
			if converted, err := convert.Convert(v, a.Type); err == nil {
				v = converted
			}
		}
		out.SetAt(i, eval.Of(v))
	}
	return out
}

// run makes one attempt and holds its reply against what every reply must be.
func (c Case) run(ctx context.Context, t *testing.T, url string, o client.Options) steps.Reply {
	t.Helper()
	hc, err := client.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer hc.Close()
	env := c.Env(t, hc, url)
	r := c.Kind.Attempt(ctx, env, c.args())
	checkReply(t, c.Kind, r)
	exchanges, evidence := env.Exchanges()
	if len(exchanges) != len(evidence) {
		t.Errorf("%d exchanges with evidence of %d", len(exchanges), len(evidence))
	}
	for _, x := range exchanges {
		if x.Endpoint == "" || strings.Contains(x.Endpoint, Canary) || strings.Contains(x.URL, Canary) {
			t.Errorf("exchange %+v has no endpoint or shows a secret", x)
		}
	}
	return r
}

func checkReply(t *testing.T, k *steps.Kind, r steps.Reply) {
	t.Helper()
	if r.OK != (r.Reason == "") || r.OK && r.Unjudged || !r.OK && r.Message == "" {
		t.Errorf("reply contradicts itself: ok %v, unjudged %v, reason %q, message %q", r.OK, r.Unjudged, r.Reason, r.Message)
	}
	if strings.Contains(r.Message, Canary) {
		t.Errorf("the message shows a secret: %s", r.Message)
	}
	types := map[string]cty.Type{}
	for _, a := range k.Results {
		types[a.Name] = a.Type
		if a.LikeBlock != "" {
			types[a.Name] = cty.DynamicPseudoType
		}
	}
	for name, typ := range types {
		v := r.Value(name)
		if v == cty.NilVal {
			continue
		}
		if errs := v.Type().TestConformance(typ); len(errs) > 0 {
			t.Errorf("value %q is not of its type: %v", name, errs)
		} else if !v.IsWhollyKnown() || v.ContainsMarked() {
			t.Errorf("value %q is unknown or marked", name)
		}
	}
}

// hang is a server that takes requests and answers none. It calls taken for each.
func hang(t *testing.T, taken func()) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		taken()
		<-r.Context().Done()
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func canceled(t *testing.T, c Case) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := c.run(ctx, t, hang(t, func() {}), client.Options{})
	want(t, r, true, result.ReasonCanceled)
}

func timedOut(t *testing.T, c Case) {
	ctx := &due{Context: t.Context(), done: make(chan struct{})}
	r := c.run(ctx, t, hang(t, sync.OnceFunc(func() { close(ctx.done) })), client.Options{})
	want(t, r, false, result.ReasonTimeout)
}

// due is a context whose time is up when done is closed, however long that takes.
type due struct {
	context.Context
	done chan struct{}
}

func (d *due) Done() <-chan struct{} { return d.done }

func (d *due) Err() error {
	select {
	case <-d.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func unreachable(t *testing.T, c Case) {
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	r := c.run(t.Context(), t, s.URL, client.Options{})
	want(t, r, true, result.ReasonConnect)
	if address := strings.TrimPrefix(s.URL, "http://"); !strings.Contains(r.Message, address) {
		t.Errorf("message %q does not name %s", r.Message, address)
	}
}

func want(t *testing.T, r steps.Reply, unjudged bool, reason result.Reason) {
	t.Helper()
	if r.OK || r.Unjudged != unjudged || r.Reason != reason {
		t.Errorf("ok %v, unjudged %v, reason %q (%s), want not ok, %v, %q", r.OK, r.Unjudged, r.Reason, r.Message, unjudged, reason)
	}
}

// brokenAnswer is an answer that no kind can use.
type brokenAnswer struct {
	name   string
	handle http.HandlerFunc
	// reasons that fit.
	reasons []result.Reason
	// anyBody says that kinds that take any body may succeed.
	anyBody bool
}

func write(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func brokenAnswers() []brokenAnswer {
	other := []result.Reason{result.ReasonOther}
	return []brokenAnswer{
		{"truncated", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"ok":`)
		}, other, false},
		{"oversized", write(200, "application/json", strings.Repeat(" ", 5000)+"{}"), other, false},
		{"reset", func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = conn.Close()
			}
		}, []result.Reason{result.ReasonConnect}, false},
		{"HTML with 200", write(200, "text/html", "<html>"+Canary+"</html>"), other, true},
		{"empty with 200", write(200, "application/json", ""), other, true},
		{"half of JSON with 200", write(200, "application/json", `{"sessionJwt":"`+Canary), other, true},
		{"JSON twice with 200", write(200, "application/json", `{} {"x":1}`), other, true},
		{"HTML with 404", write(404, "text/html", "<html>"+Canary+"</html>"), []result.Reason{result.ReasonOther, result.ReasonHTTP4xx}, false},
		{"HTML with 502", write(502, "text/html", "<html>"), []result.Reason{result.ReasonHTTP5xx}, false},
		{"redirect", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(http.StatusFound)
		}, other, false},
		{"429", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			write(429, "application/json", `{"errorCode":"E130429","errorDescription":"rate limit"}`)(w, nil)
		}, []result.Reason{result.ReasonRateLimited}, false},
	}
}

func broken(t *testing.T, c Case, b brokenAnswer) {
	s := httptest.NewServer(b.handle)
	t.Cleanup(s.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	r := c.run(ctx, t, s.URL, client.Options{MaxBody: 4096})
	if r.OK && b.anyBody && c.Kind.Provider == "" {
		return
	}
	if r.OK || r.Unjudged {
		t.Errorf("ok %v, unjudged %v (%s), want a failure", r.OK, r.Unjudged, r.Message)
	}
	found := false
	for _, reason := range b.reasons {
		found = found || r.Reason == reason
	}
	if !found {
		t.Errorf("reason %q (%s), want one of %q", r.Reason, r.Message, b.reasons)
	}
	if b.name == "429" && r.RetryAfter != 7*time.Second {
		t.Errorf("retry after %s, want 7s", r.RetryAfter)
	}
}
