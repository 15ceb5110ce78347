package descope

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

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

// methodArgument is the argument that says how a message is delivered.
const methodArgument = "method"

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
	// write takes the place of body: it appends what to send as JSON. The mistakes that
	// keep it from being built are found by check.
	write func(steps.Args, []byte) ([]byte, error)
	// read turns a body into results. Nil takes any JSON.
	read func(answer) (outcome, error)
	// check finds mistakes beyond those that body finds. Values may be unknown.
	check      func(steps.Args) []steps.Problem
	sends      func(steps.Args) string
	idempotent bool
	// class is that of the requests; where it is empty, classOf tells.
	class string

	// routes are the paths by method, where there is a choice.
	routes map[string]string
}

func (v verb) kind() *steps.Kind {
	args := slices.Concat(v.args, []steps.Arg{bearerArg()})
	if v.httpMethod == "" {
		v.httpMethod = http.MethodPost
	}
	v.routes = map[string]string{}
	for _, a := range args {
		if a.Name == methodArgument {
			for _, m := range a.OneOf {
				v.routes[m] = api.Path(v.path, api.Method(m))
			}
		}
	}
	k := &steps.Kind{
		Name: v.name, Doc: v.doc + vendorLimit(v.path), Class: v.classOf(), Identifiers: v.identifiers(args), Provider: ProviderType, Args: args, Results: v.results,
		Requests:   func(a steps.Args) []steps.Route { return []steps.Route{{Method: v.httpMethod, Path: v.route(a)}} },
		Sends:      v.sends,
		Idempotent: v.idempotent,
		Run:        v.run,
	}
	if v.body != nil || v.check != nil {
		k.Check = v.problems
	}
	return k
}

func (v verb) route(a steps.Args) string {
	if v.pathOf != nil {
		return v.pathOf(a)
	}
	if m := a.String(methodArgument); m != "" {
		if path, ok := v.routes[m]; ok {
			return path
		}
		return api.Path(v.path, api.Method(m))
	}
	return v.path
}

func (v verb) problems(a steps.Args) []steps.Problem {
	_, all := v.build(a)
	return all
}

// build gives what to send, nil for nothing, and the mistakes in it.
func (v verb) build(a steps.Args) (body any, problems []steps.Problem) {
	if v.body != nil {
		body, problems = v.body(a)
	}
	if v.check != nil {
		problems = append(problems, v.check(a)...)
	}
	return body, problems
}

func (v verb) run(ctx context.Context, env *steps.Env, a steps.Args) steps.Reply {
	c, ok := env.Conn.(*conn)
	if !ok {
		return steps.Reply{Unjudged: true, Reason: result.ReasonInternal, Message: "the step has no connection to its provider"}
	}
	// Values that were unknown when the file was checked are known here.
	content, problems := v.build(a)
	if len(problems) > 0 {
		return steps.Reply{Unjudged: true, Reason: result.ReasonOther, Message: problems[0].Arg + ": " + problems[0].Detail}
	}
	endpoint := v.route(a)
	req := env.Request()
	req.Method, req.URL = v.httpMethod, c.url(endpoint)
	req.Header.Add("Accept", "application/json")
	if v.query != nil {
		req.URL += "?" + v.query(a).Encode()
	}
	if bearer := c.bearer(v.credential, a); bearer != "" {
		req.Header.Add("Authorization", bearer)
	}
	if v.httpMethod == http.MethodPost {
		req.Header.Add("Content-Type", "application/json")
		body, err := v.encode(env, a, content)
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

// usualBody is how many bytes a request most often does not exceed.
const usualBody = 192

// encode gives the body of a request, an empty object for none.
func (v verb) encode(env *steps.Env, a steps.Args, content any) ([]byte, error) {
	switch {
	case v.write != nil:
		body, err := v.write(a, env.Room(usualBody))
		return env.Keep(body), err
	case content == nil:
		return []byte("{}"), nil
	}
	return json.Marshal(content)
}

// bearer composes the Authorization header, empty for none.
func (c *conn) bearer(cr credential, a steps.Args) string {
	if a.Has("bearer") {
		if given := a.String("bearer"); given != "" {
			return "Bearer " + given
		}
		return ""
	}
	switch cr {
	case signedIn:
		if jwt := a.String("refresh_jwt"); jwt != "" {
			return api.Bearer{Project: c.project, JWT: jwt}.Header()
		}
	case management:
		return c.manager.Reveal()
	}
	return c.nobody
}
