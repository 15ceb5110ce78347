package generic

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// endpoint is the metric label of all requests of this kind: their addresses are
// the author's and have no bound.
const endpoint = "other"

func requestKind() *steps.Kind {
	return &steps.Kind{
		Name: "http_request",
		Doc:  "Sends any HTTP request. Redirects are answers and are not followed. A request to a provider's address keeps that provider's limits. Mark secrets with sensitive(): this kind can not know them all.",
		Args: []steps.Arg{
			{Name: "method", Type: cty.String, Default: cty.StringVal(http.MethodGet), Echo: true, Doc: "HTTP method.",
				OneOf: []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}},
			{Name: "url", Type: cty.String, Required: true, Echo: true, Doc: "Absolute address, http or https."},
			{Name: "headers", Type: cty.DynamicPseudoType, Doc: "Headers: texts, or lists of texts for repeated ones, by name."},
			{Name: "query", Type: cty.DynamicPseudoType, Doc: "Parameters added to the address: texts or lists of texts by name."},
			{Name: "json", Type: cty.DynamicPseudoType, Doc: "Body to send as JSON. Either this or `body`."},
			{Name: "body", Type: cty.String, Doc: "Body to send as it is. Either this or `json`."},
			{Name: "bearer", Type: cty.String, Sensitive: true, Doc: "What follows `Bearer` in the Authorization header."},
		},
		Results: []steps.Attr{
			{Name: "body", Type: cty.String, Doc: "Body of the answer."},
			{Name: "json", Type: cty.DynamicPseudoType, Doc: "Body of the answer as a value, null if it is not JSON."},
		},
		Requests: func(a steps.Args) []steps.Route {
			return []steps.Route{{Method: a.String("method"), Path: pathOf(a.String("url"))}}
		},
		URL:     func(a steps.Args) string { return a.String("url") },
		Secrets: steps.WellKnownSecrets,
		Check:   checkRequest,
		Run:     request,
	}
}

// pathOf gives scheme, host and path: a query may hold secrets.
func pathOf(raw string) string {
	u, err := url.Parse(raw)
	if raw == "" || err != nil {
		return "(known when the step runs)"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

func checkRequest(a steps.Args) []steps.Problem {
	var problems []steps.Problem
	if a.Has("url") {
		if u, err := url.Parse(a.String("url")); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			problems = append(problems, steps.Problem{Arg: "url", Detail: `This is not an absolute address. Give one such as "https://api.example.com/path".`})
		}
	}
	if a.Has("json") && a.Has("body") {
		problems = append(problems, steps.Problem{Arg: "body", Detail: "A request has one body. Give either json or body."})
	}
	for _, name := range []string{"headers", "query"} {
		if _, ok := multi(a.Value(name)); !ok {
			problems = append(problems, steps.Problem{Arg: name, Detail: "Give an object of texts, or of lists of texts."})
		}
	}
	return problems
}

// multi reads an object of texts or lists of texts; ok is false for anything else.
// What is unknown or null is left out.
func multi(v cty.Value) (out map[string][]string, ok bool) {
	if !v.IsKnown() || v.IsNull() {
		return nil, true
	}
	if !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return nil, false
	}
	out = map[string][]string{}
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		texts, ok := list(e)
		if !ok {
			return nil, false
		}
		if texts != nil {
			out[k.AsString()] = texts
		}
	}
	return out, true
}

func list(v cty.Value) (out []string, ok bool) {
	if !v.IsKnown() || v.IsNull() {
		return nil, true
	}
	if s, ok := scalar(v); ok {
		return []string{s}, true
	}
	if t := v.Type(); !t.IsTupleType() && !t.IsListType() && !t.IsSetType() {
		return nil, false
	}
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if !e.IsKnown() || e.IsNull() {
			continue
		}
		s, ok := scalar(e)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

// scalar gives a text, a number or a truth value as text.
func scalar(v cty.Value) (string, bool) {
	switch v.Type() {
	case cty.String:
		return v.AsString(), true
	case cty.Number:
		return v.AsBigFloat().Text('f', -1), true
	case cty.Bool:
		return fmt.Sprint(v.True()), true
	}
	return "", false
}

func request(ctx context.Context, env *steps.Env, a steps.Args) steps.Reply {
	if problems := checkRequest(a); len(problems) > 0 {
		return steps.Reply{Unjudged: true, Reason: result.ReasonOther, Message: problems[0].Arg + ": " + problems[0].Detail}
	}
	req, err := build(a)
	if err != nil {
		return steps.Reply{Unjudged: true, Reason: result.ReasonOther, Message: err.Error()}
	}
	resp, err := env.Do(ctx, env.HTTP, endpoint, req)
	if err != nil {
		return steps.Faulted(err)
	}
	r := steps.Reply{
		OK: resp.Status >= 200 && resp.Status <= 299, Status: resp.Status, Start: resp.Start, Duration: resp.Duration,
		Header: resp.Header, RequestID: resp.Header.Get("X-Request-Id"),
		Values: &fetched{body: resp.Body},
	}
	if !r.OK {
		r.Reason, r.Message = reasonOf(resp.Status), fmt.Sprintf("HTTP %d", resp.Status)
		r.RetryAfter = steps.RetryAfter(resp.Header, time.Now())
	}
	env.Note("", r.RequestID)
	return r
}

func build(a steps.Args) (*client.Request, error) {
	req := &client.Request{Method: a.String("method"), URL: a.String("url")}
	if params, _ := multi(a.Value("query")); len(params) > 0 {
		u, err := url.Parse(req.URL)
		if err != nil {
			return nil, fmt.Errorf("url: it is not an address")
		}
		if u.RawQuery != "" {
			u.RawQuery += "&"
		}
		u.RawQuery += url.Values(params).Encode()
		req.URL = u.String()
	}
	switch {
	case a.Has("json"):
		v := a.Value("json")
		body, err := ctyjson.Marshal(v, v.Type())
		if err != nil {
			return nil, fmt.Errorf("json: it can not be written as JSON")
		}
		req.Body = body
		req.Header.Set("Content-Type", "application/json")
	case a.Has("body"):
		req.Body = []byte(a.String("body"))
	}
	if a.Has("bearer") {
		req.Header.Set("Authorization", "Bearer "+a.String("bearer"))
	}
	// What the author says of a header beats what the step would set.
	headers, _ := multi(a.Value("headers"))
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		values := headers[name]
		req.Header = slices.DeleteFunc(req.Header, func(f client.Field) bool { return strings.EqualFold(f.Name, name) })
		for _, v := range values {
			req.Header.Add(name, v)
		}
	}
	return req, nil
}

func reasonOf(status int) result.Reason {
	switch {
	case status == http.StatusTooManyRequests:
		return result.ReasonRateLimited
	case status >= 500:
		return result.ReasonHTTP5xx
	case status >= 400:
		return result.ReasonHTTP4xx
	}
	return result.ReasonOther
}
