package descope

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"github.com/authbench/authbench/internal/client"
	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// credential is what a verb puts after the project ID in its bearer.
type credential uint8

const (
	nobody     credential = iota // the project ID alone
	signedIn                     // the refresh JWT, where the step gives one
	management                   // the management key
)

// verb is a kind that makes one request.
type verb struct {
	name, doc string
	args      []steps.Arg
	results   []steps.Attr

	httpMethod string // POST when empty
	// path is a pattern of internal/descope.
	path string
	// pathOf replaces path where arguments decide.
	pathOf     func(steps.Args) string
	credential credential
	query      func(steps.Args) url.Values
	// body gives what to send as JSON, or the mistakes that keep it from being
	// built. Values may be unknown when it is called to check.
	body func(steps.Args) (any, []steps.Problem)
	// read turns a body into results. Nil takes any JSON.
	read func(answer) (outcome, error)
	// check finds mistakes beyond those that body finds.
	check      func(steps.Args) []steps.Problem
	sends      func(steps.Args) string
	idempotent bool
	// class is that of the requests; where it is empty, classOf tells.
	class string
}

func (v verb) kind() *steps.Kind {
	args := slices.Concat(v.args, []steps.Arg{bearerArg()})
	if v.httpMethod == "" {
		v.httpMethod = http.MethodPost
	}
	return &steps.Kind{
		Name: v.name, Doc: v.doc + vendorLimit(v.path), Class: v.classOf(), Identifiers: v.identifiers(args), Provider: ProviderType, Args: args, Results: v.results,
		Requests:   func(a steps.Args) []steps.Route { return []steps.Route{{Method: v.httpMethod, Path: v.route(a)}} },
		Sends:      v.sends,
		Idempotent: v.idempotent,
		Check:      v.problems,
		Run:        v.run,
	}
}

func (v verb) route(a steps.Args) string {
	if v.pathOf != nil {
		return v.pathOf(a)
	}
	if m := a.String("method"); m != "" {
		return api.Path(v.path, api.Method(m))
	}
	return v.path
}

func (v verb) problems(a steps.Args) []steps.Problem {
	var all []steps.Problem
	if v.body != nil {
		_, all = v.body(a)
	}
	if v.check != nil {
		all = append(all, v.check(a)...)
	}
	return all
}

func (v verb) run(ctx context.Context, env *steps.Env, a steps.Args) steps.Reply {
	c, ok := env.Conn.(*conn)
	if !ok {
		return steps.Reply{Unjudged: true, Reason: result.ReasonInternal, Message: "the step has no connection to its provider"}
	}
	// Values that were unknown when the file was checked are known here.
	if problems := v.problems(a); len(problems) > 0 {
		return steps.Reply{Unjudged: true, Reason: result.ReasonOther, Message: problems[0].Arg + ": " + problems[0].Detail}
	}
	endpoint := v.route(a)
	req := &client.Request{Method: v.httpMethod, URL: c.base + endpoint, Header: client.Header{{Name: "Accept", Value: "application/json"}}}
	if v.query != nil {
		req.URL += "?" + v.query(a).Encode()
	}
	if bearer := c.bearer(v.credential, a); bearer != "" {
		req.Header.Set("Authorization", bearer)
	}
	if v.httpMethod == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
		body, err := v.encode(a)
		if err != nil {
			return steps.Reply{Unjudged: true, Reason: result.ReasonInternal, Message: "the request can not be written as JSON"}
		}
		req.Body = body
	}
	resp, err := env.Do(ctx, c.http, endpoint, req)
	if err != nil {
		return steps.Faulted(err)
	}
	return judge(env, resp, v.read)
}

func (v verb) encode(a steps.Args) ([]byte, error) {
	if v.body == nil {
		return []byte("{}"), nil
	}
	body, _ := v.body(a)
	return json.Marshal(body)
}

// bearer composes the Authorization header, empty for none.
func (c *conn) bearer(cr credential, a steps.Args) string {
	if a.Has("bearer") {
		if given := a.String("bearer"); given != "" {
			return "Bearer " + given
		}
		return ""
	}
	b := api.Bearer{Project: c.project}
	switch cr {
	case signedIn:
		b.JWT = a.String("refresh_jwt")
	case management:
		b.Key = c.key.Reveal()
	}
	return b.Header()
}
