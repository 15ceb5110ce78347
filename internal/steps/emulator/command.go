package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// command is a kind that makes requests to the admin listener, one after the other.
type command struct {
	name, doc string
	args      []steps.Arg
	results   []steps.Attr
	// requests gives what to send, at least one request.
	requests func(steps.Args) []request
	// read turns the documents of the answers, one for each request, into results. Nil
	// reads none. An answer without a document is nil.
	read func(a steps.Args, documents [][]byte) (steps.Fixed, error)
	// check finds mistakes that types can not express. Values may be unknown.
	check func(steps.Args) []steps.Problem
}

// request is one request about the project.
type request struct {
	method string
	// path is below the project.
	path string
	// body is sent as JSON, nil is none.
	body any
}

func (c command) kind(provider string) *steps.Kind {
	return &steps.Kind{
		Name: c.name, Doc: c.doc, Provider: provider, Args: c.args, Results: c.results,
		Steers: true, Check: c.check, Run: c.run,
	}
}

func (c command) run(ctx context.Context, env *steps.Env, a steps.Args) steps.Reply {
	if env.Control == nil {
		return steps.Reply{Unjudged: true, Reason: result.ReasonInternal, Message: "the step has no emulator to steer"}
	}
	if c.check != nil {
		// Values that were unknown when the file was checked are known here.
		if problems := c.check(a); len(problems) > 0 {
			return steps.Reply{Unjudged: true, Reason: result.ReasonOther, Message: problems[0].Arg + ": " + problems[0].Detail}
		}
	}
	var r steps.Reply
	var documents [][]byte
	for _, q := range c.requests(a) {
		one, document := send(ctx, env.Control, q)
		if r.Start.IsZero() {
			r.Start = one.Start
		}
		one.Start, one.Duration = r.Start, r.Duration+one.Duration
		if r = one; !r.OK {
			return r
		}
		documents = append(documents, document)
	}
	if c.read == nil {
		return r
	}
	values, err := c.read(a, documents)
	if err != nil {
		r.OK, r.Reason, r.Message = false, result.ReasonOther, notTheirs(err)
		return r
	}
	r.Values = values
	return r
}

// send makes one request and gives the document of the answer, nil without one.
func send(ctx context.Context, control steps.Control, q request) (steps.Reply, []byte) {
	var body []byte
	if q.body != nil {
		var err error
		if body, err = json.Marshal(q.body); err != nil {
			return steps.Reply{Unjudged: true, Reason: result.ReasonInternal, Message: "the request can not be written as JSON"}, nil
		}
	}
	resp, err := control(ctx, q.method, q.path, body)
	if err != nil {
		return steps.Faulted(err), nil
	}
	r := steps.Reply{Status: resp.Status, Start: resp.Start, Duration: resp.Duration, Header: resp.Header}
	switch {
	case resp.Status < 200 || resp.Status > 299:
		r.Reason, r.Message = reasonOf(resp.Status), refusal(resp)
		r.RetryAfter = steps.RetryAfter(resp.Header, time.Now())
		return r, nil
	case resp.Status == http.StatusNoContent:
		r.OK = true
		return r, nil
	}
	var versioned struct {
		FormatVersion int `json:"format_version"`
	}
	err = decode(resp.Body, &versioned)
	if err == nil && versioned.FormatVersion != 1 {
		err = errors.New("its format is not one that this program knows")
	}
	if err != nil {
		r.Reason, r.Message = result.ReasonOther, notTheirs(err)
		return r, nil
	}
	r.OK = true
	return r, resp.Body
}

func notTheirs(err error) string {
	return "the answer is not that of an emulator's admin listener: " + err.Error()
}

// refusal is what the admin listener says of a request that it did not carry out. Its
// texts are the emulator's own words; another server's are not repeated.
func refusal(resp *client.Response) string {
	text := fmt.Sprintf("the admin listener of the emulator answered HTTP %d", resp.Status)
	var said struct {
		FormatVersion int    `json:"format_version"`
		Error         string `json:"error"`
	}
	if json.Unmarshal(resp.Body, &said) == nil && said.FormatVersion > 0 && said.Error != "" {
		text += ": " + said.Error
	}
	return text
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

// decode reads a text that is one JSON document. Its errors say nothing of the text.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(into); err != nil {
		return errors.New("it is no JSON of the right form")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("it is more than one document")
	}
	return nil
}

// strictly reads a document of which every member is known.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// given is the document of the arguments that are there, by their names.
func given(a steps.Args, names ...string) map[string]any {
	out := map[string]any{}
	for _, name := range names {
		if !a.Has(name) {
			continue
		}
		switch v := a.Value(name); v.Type() {
		case cty.Bool:
			out[name] = v.True()
		case cty.Number:
			out[name] = json.Number(v.AsBigFloat().Text('f', -1))
		case cty.String:
			out[name] = v.AsString()
		}
	}
	return out
}

// chance finds arguments that are no probabilities.
func chance(a steps.Args, names ...string) []steps.Problem {
	var problems []steps.Problem
	for _, name := range names {
		if !a.Has(name) || a.Value(name).Type() != cty.Number {
			continue
		}
		if f, _ := a.Value(name).AsBigFloat().Float64(); f < 0 || f > 1 {
			problems = append(problems, steps.Problem{Arg: name, Detail: "A probability lies between 0 and 1."})
		}
	}
	return problems
}
