package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

const verifyLink = "POST " + descope.PathMagicLinkVerify

// faulty adds a fault to the project.
func (b *bench) faulty(f policy.Fault) {
	b.t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		b.t.Fatal(err)
	}
	if r := b.tell(http.MethodPost, "/faults", string(text)); r.status != http.StatusCreated {
		b.t.Fatalf("add fault: %d %s", r.status, r.text)
	}
}

// try is a request that may fail at any point. It tells what came of the body.
func (b *bench) try(ctx context.Context, verb, path string, bearer descope.Bearer, body string) (*http.Response, []byte, error) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(ctx, verb, b.api.URL+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", bearer.Header())
	req.Header.Set("Content-Type", "application/json")
	res, err := b.api.Client().Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	return res, text, err
}

func (b *bench) tryVerify(token string) (*http.Response, []byte, error) {
	b.t.Helper()
	return b.try(b.t.Context(), http.MethodPost, descope.PathMagicLinkVerify, b.public(), `{"token":"`+token+`"}`)
}

// link sends a link to a user and takes its token from the inbox.
func (b *bench) link(phone string) string {
	b.t.Helper()
	r := b.post(descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(phone)})
	if r.status != http.StatusOK {
		b.t.Fatalf("send: %d %s", r.status, r.text)
	}
	return b.take(phone).token(b.t)
}

// A fault before the handler leaves everything as it was; one after the commit leaves
// the client in the dark about what has happened.
func TestFaultPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		phase string
		used  bool
	}{{policy.PhaseBefore, false}, {policy.PhaseAfterCommit, true}} {
		for _, action := range []string{policy.FaultStatus, policy.FaultReset, policy.FaultTruncate, policy.FaultGarbage} {
			t.Run(c.phase+"/"+action, func(t *testing.T) {
				t.Parallel()
				b := newBench(t)
				token := b.link(alice)
				b.faulty(policy.Fault{Name: "f", Match: verifyLink, Phase: c.phase, Action: action, Count: 1})
				res, text, err := b.tryVerify(token)
				switch action {
				case policy.FaultStatus:
					if err != nil || res.StatusCode != 503 || !json.Valid(text) {
						t.Errorf("%v %s: %v, want a 503 in JSON", res, text, err)
					}
				case policy.FaultReset:
					if !errors.Is(err, syscall.ECONNRESET) {
						t.Errorf("error %v, want a connection reset", err)
					}
				case policy.FaultTruncate:
					if !errors.Is(err, io.ErrUnexpectedEOF) || int64(len(text)) != res.ContentLength/2 {
						t.Errorf("%d bytes and %v, want half of the body", len(text), err)
					}
				case policy.FaultGarbage:
					want := map[bool]int{false: 503, true: 200}[c.used]
					if err != nil || res.StatusCode != want || json.Valid(text) || res.Header.Get("Content-Type") != "application/json" {
						t.Errorf("%v %q: %v, want %d and what is no JSON", res, text, err, want)
					}
				}
				again := b.verify(token)
				if c.used {
					again.refused(t, 401, descope.CodeTokenExpired)
				} else if again.status != http.StatusOK {
					t.Errorf("the link does not work afterwards: %s", again.text)
				}
			})
		}
	}
}

func TestFaultStatus(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.faulty(policy.Fault{
		Name: "limit", Match: "POST /v1/auth/*", Phase: policy.PhaseBefore, Action: policy.FaultStatus,
		Status: 429, ErrorCode: descope.CodeRateLimitExceeded, RetryAfter: "Wed, 21 Oct 2026 07:28:00 GMT",
	})
	r := b.verify("x")
	r.refused(t, 429, descope.CodeRateLimitExceeded)
	if got := r.header.Get("Retry-After"); got != "Wed, 21 Oct 2026 07:28:00 GMT" {
		t.Errorf("Retry-After %q", got)
	}
	if r := b.get(descope.PathMe, b.public()); r.status != 401 {
		t.Errorf("a request that does not match: %d", r.status)
	}
	// What the bearer lacks is not looked at before the fault.
	b.post("/v1/auth/refresh", b.public(), struct{}{}).refused(t, 429, descope.CodeRateLimitExceeded)
}

func TestFaultHangs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.faulty(policy.Fault{Name: "hang", Match: verifyLink, Phase: policy.PhaseBefore, Action: policy.FaultHang})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := b.try(ctx, http.MethodPost, descope.PathMagicLinkVerify, b.public(), `{"token":"x"}`); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want the client's deadline", err)
	}
	// The handler must notice that the client is gone: the server waits for it.
	if err := b.api.Config.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFaultHangsUntilTheServerEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.faulty(policy.Fault{Name: "hang", Phase: policy.PhaseAfterCommit, Action: policy.FaultHang})
	ended := make(chan error)
	go func() {
		_, _, err := b.tryVerify("x")
		ended <- err
	}()
	for hits := uint64(0); hits == 0; hits = b.hits()["hang"] {
	}
	b.api.CloseClientConnections()
	if err := <-ended; err == nil {
		t.Error("a request that hangs was answered")
	}
}

// hits tells how often each fault struck.
func (b *bench) hits() map[string]uint64 {
	b.t.Helper()
	var list struct {
		FormatVersion int `json:"format_version"`
		Faults        []struct {
			policy.Fault
			Seen, Hits uint64
		}
	}
	b.ask(http.MethodGet, "/faults").into(b.t, &list)
	out := map[string]uint64{}
	for _, f := range list.Faults {
		out[f.Name] = f.Hits
	}
	return out
}

func TestFaultTakesTime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	token := b.link(alice)
	const least = 30 * time.Millisecond
	fixed := &policy.Latency{Distribution: policy.Fixed, Value: policy.Duration(least)}
	b.faulty(policy.Fault{Name: "slow", Match: verifyLink, Phase: policy.PhaseBefore, Action: policy.FaultLatency, Latency: fixed})
	b.faulty(policy.Fault{Name: "slower", Match: verifyLink, Phase: policy.PhaseAfterCommit, Action: policy.FaultDrip, BytesPerSecond: 20_000, Latency: fixed})
	start := time.Now()
	res, text, err := b.tryVerify(token)
	took := time.Since(start)
	if err != nil || res.StatusCode != 200 || !json.Valid(text) || res.ContentLength != int64(len(text)) {
		t.Errorf("%v %q: %v, want the answer", res, text, err)
	}
	if took < 2*least { // a lower bound holds on any machine
		t.Errorf("it took %s, want %s at least", took, 2*least)
	}
	if diff := cmp.Diff(b.hits(), map[string]uint64{"slow": 1, "slower": 1}); diff != "" {
		t.Errorf("hits (-got +want):\n%s", diff)
	}
}

// One seed, one story; what other faults and other requests draw does not matter.
func TestFaultsRepeat(t *testing.T) {
	t.Parallel()
	half := 0.5
	story := func(others bool) string {
		b := newBench(t)
		b.faulty(policy.Fault{
			Name: "odd", Match: verifyLink, Phase: policy.PhaseBefore, Action: policy.FaultStatus,
			Probability: &half, Skip: 3, Count: 8,
		})
		if others {
			b.faulty(policy.Fault{Name: "x", Match: "GET /*", Phase: policy.PhaseBefore, Action: policy.FaultStatus, Probability: &half})
		}
		var told strings.Builder
		for range 40 {
			told.WriteByte(map[int]byte{401: '.', 503: 'X'}[b.verify("x").status])
			if others {
				b.get(descope.PathMe, b.public())
			}
		}
		return told.String()
	}
	one, two := story(false), story(true)
	if one != two {
		t.Errorf("two stories:\n%s\n%s", one, two)
	}
	if n := strings.Count(one, "X"); n != 8 || strings.HasPrefix(one, "XXX") || !strings.Contains(one[3:], "X.") {
		t.Errorf("story %s, want 8 hits after the third request", one)
	}
}

func TestFaultOnTheKeys(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.faulty(policy.Fault{Name: "keys", Phase: policy.PhaseJWKS, Action: policy.FaultStatus, Status: 502, Count: 1})
	path := strings.Replace(descope.PathKeys, "{project}", b.project.ID, 1)
	if r := b.do(http.MethodGet, path, "", "", ""); r.status != 502 {
		t.Errorf("keys: %d, want 502", r.status)
	}
	if r := b.do(http.MethodGet, path, "", "", ""); r.status != 200 {
		t.Errorf("keys after one fault: %d, want 200", r.status)
	}
}

func TestAdminFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.Faults = []policy.Fault{{Name: "first", Phase: policy.PhaseBefore, Action: policy.FaultStatus, Match: "/never"}}
	})
	const second = `{"name":"second","phase":"before","action":"status","match":"/never"}`
	if r := b.tell(http.MethodPost, "/faults", second); r.status != 201 {
		t.Fatalf("add: %d %s", r.status, r.text)
	}
	if r := b.tell(http.MethodPost, "/faults", second); r.status != 409 {
		t.Errorf("add again: %d %s", r.status, r.text)
	}
	for _, body := range []string{``, `{}`, `{"name":"x","phase":"before","action":"stale"}`, `{"name":"x","speed":1}`} {
		if r := b.tell(http.MethodPost, "/faults", body); r.status != 400 {
			t.Errorf("add %s: %d %s", body, r.status, r.text)
		}
	}
	if diff := cmp.Diff(b.hits(), map[string]uint64{"first": 0, "second": 0}); diff != "" {
		t.Errorf("faults (-got +want):\n%s", diff)
	}
	for _, c := range []struct {
		path   string
		status int
		left   int
	}{{"/faults/first", 204, 1}, {"/faults/first", 404, 1}, {"/faults", 204, 0}, {"/faults", 204, 0}} {
		if r := b.ask(http.MethodDelete, c.path); r.status != c.status || len(b.hits()) != c.left {
			t.Errorf("delete %s: %d, %d left, want %d and %d", c.path, r.status, len(b.hits()), c.status, c.left)
		}
	}
}
