package runner_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
)

const (
	runCanary   = "canary+run/secret"
	tokenCanary = "canary+token/secret"
	jwtCanary   = "canary jwt & secret"
	otherCanary = "canary-only-the-kind-knows"
)

// httpClient is a client for tests on net/http: real requests, no measuring.
type httpClient struct{ *http.Client }

func (c httpClient) Do(ctx context.Context, req *client.Request) (*client.Response, error) {
	r, err := http.NewRequestWithContext(ctx, req.Method, req.URL, strings.NewReader(string(req.Body)))
	if err != nil {
		return nil, &client.Error{Fault: client.FaultRequest, Err: err}
	}
	start := time.Now()
	resp, err := c.Client.Do(r)
	if err != nil {
		return nil, &client.Error{Fault: client.FaultConnect, Err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, &client.Error{Fault: client.FaultReset, Err: err}
	}
	var header client.Header
	for name, values := range resp.Header {
		for _, v := range values {
			header.Add(name, v)
		}
	}
	return &client.Response{Status: resp.StatusCode, Header: header, Body: body, Timing: client.Timing{Start: start, Duration: time.Since(start)}}, nil
}

func (c httpClient) Close() { c.CloseIdleConnections() }

// echoing makes a kind that sends its token to a server that repeats everything.
func echoing(address string) *steps.Kind {
	return kind("echo", func(ctx context.Context, env *steps.Env, args steps.Args) steps.Reply {
		token := args.String("token")
		body, _ := json.Marshal(map[string]string{"token": token, "id": args.String("id")})
		resp, err := env.Do(ctx, env.HTTP, "other", &client.Request{
			Method: "POST", URL: address + "/v1/verify?t=" + url.QueryEscape(token) + "&jwt=" + url.QueryEscape(jwtCanary), Body: body,
		})
		if err != nil {
			return steps.Faulted(err)
		}
		env.Note("E1 "+token, "rid "+token)
		return steps.Reply{
			Status: resp.Status, Reason: result.ReasonHTTP4xx, Message: "refused: " + string(resp.Body), Start: resp.Start, Duration: resp.Duration,
			Problem: &steps.APIError{Code: "E1 " + token, Description: token, Message: jwtCanary},
			Values:  steps.Fixed{"jwt": cty.StringVal(jwtCanary)}, Secrets: []string{otherCanary},
		}
	})
}

func TestCanaryIsNowhere(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Set-Cookie", "DSR="+jwtCanary)
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, string(body)+" "+jwtCanary+" "+otherCanary+" "+runCanary+" "+
			base64.StdEncoding.EncodeToString([]byte("x"+tokenCanary))+" "+url.QueryEscape(tokenCanary)+strings.Repeat(" padding", 1000)+tokenCanary)
	}))
	defer server.Close()
	c := httpClient{server.Client()}
	defer c.Close()

	early := body(t, "early", always("fake", func() steps.Reply {
		r := refusal(500, "")
		r.Message = "an early answer that already holds " + jwtCanary
		return r
	}))
	early.ContinueOnFailure = true
	s := body(t, "s", echoing(server.URL), "id", `"<${nonsensitive(sensitive("`+runCanary+`"))}>"`, "token", `"`+tokenCanary+`"`)
	s.ContinueOnFailure = true
	s.Expect = &plan.Expect{Status: expr(t, `401`)}
	s.Asserts = []plan.Assert{
		{Condition: expr(t, `self.error.message == "x" && self.jwt == "y"`), Message: expr(t, `"got ${self.error.message} and ${self.error.description}"`)},
		{Condition: expr(t, `self.error.description == "`+tokenCanary+`" && self.n.x`)},
	}
	panics := body(t, "panics", always("fake", func() steps.Reply { panic(tokenCanary) }))
	sc := scenario("x", early, s, panics)
	sc.Outputs = []plan.Output{{Name: "o", Value: expr(t, `step.s.error`)}}
	p := planOf(sc)
	p.Secrets = []secret.String{secret.New(runCanary)}

	o := run(t, p, runner.Environment{HTTP: c}, runner.Options{})
	it := o.first(t)
	doc, err := json.Marshal(it)
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(string(doc))
	for _, canary := range []string{runCanary, tokenCanary, jwtCanary, otherCanary} {
		for _, form := range []string{canary, url.QueryEscape(canary), base64.StdEncoding.EncodeToString([]byte(canary)), base64.StdEncoding.EncodeToString([]byte("x" + canary))[4:20]} {
			if i := strings.Index(plain, form); i >= 0 {
				t.Errorf("found %q: ...%s...", form, plain[max(0, i-120):min(len(plain), i+60)])
			}
		}
	}
	got := o.step(t, "s")
	if len(got.Exchanges) != 1 || !strings.Contains(got.Exchanges[0].Response, secret.Mask) || len(got.Exchanges[0].Response) > 5000 {
		t.Errorf("the evidence is %+v", got.Exchanges)
	}
	if !strings.Contains(got.Exchanges[0].URL, "/v1/verify?t=***&jwt=***") {
		t.Errorf("the address is %s", got.Exchanges[0].URL)
	}
	if n := len(got.Diagnostics); n != 2 {
		t.Fatalf("%d diagnostics", n)
	}
	sections := got.Diagnostics[0].Sections
	if last := sections[len(sections)-1]; last.Title != "response" || !strings.HasPrefix(last.Lines[0], "POST /v1/verify?t=***&jwt=***: 401 in ") || !strings.Contains(last.Lines[0], "attempt 1, request id rid ***") {
		t.Errorf("the response section is %+v", last)
	}
}

func TestSecretsOfOneIterationDoNotBlankAnother(t *testing.T) {
	t.Parallel()
	s := body(t, "s", always("fake", func() steps.Reply {
		r := refusal(400, "")
		r.Message = "code 0 and 1000000 and 1000001"
		return r
	}), "token", `tostring(1000000 + iteration.id)`)
	o := run(t, planOf(scenario("x", s)), runner.Environment{}, runner.Options{Repeat: 2, Parallelism: 1})
	for i, want := range []string{"code 0 and *** and 1000001", "code 0 and 1000000 and ***"} {
		if got := o.iterations[i].Message; got != want {
			t.Errorf("iteration %d says %q, want %q", i, got, want)
		}
	}
}

func TestSuccessKeepsNoBodies(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
	defer server.Close()
	c := httpClient{server.Client()}
	defer c.Close()
	k := kind("get", func(ctx context.Context, env *steps.Env, args steps.Args) steps.Reply {
		resp, err := env.Do(ctx, env.HTTP, "/v1/x", &client.Request{Method: "GET", URL: server.URL + "/v1/x"})
		if err != nil {
			return steps.Faulted(err)
		}
		return steps.Reply{OK: true, Status: resp.Status, Start: resp.Start, Duration: resp.Duration}
	})
	got := run(t, planOf(scenario("x", body(t, "s", k))), runner.Environment{HTTP: c}, runner.Options{}).step(t, "s")
	if x := got.Exchanges[0]; x.Status != 200 || x.Attempt != 1 || x.Response != "" || x.URL != server.URL+"/v1/x" || len(got.Diagnostics) != 0 {
		t.Errorf("got %+v", x)
	}
}
