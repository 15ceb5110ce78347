package emulator

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// answeredError is a refusal that the project answers in its own way.
type answeredError struct {
	error
	answer policy.Answer
}

func (a *answeredError) Unwrap() error { return a.error }

// newAnswers is the answers of a valid policy by condition, nil if there are none.
func newAnswers(all []policy.Answer) map[descope.Condition]policy.Answer {
	if len(all) == 0 {
		return nil
	}
	named := map[string]descope.Condition{}
	for _, c := range descope.Conditions() {
		named[c.String()] = c
	}
	out := make(map[descope.Condition]policy.Answer, len(all))
	for _, a := range all {
		out[named[a.Condition]] = a
	}
	for _, c := range descope.Conditions() {
		_, own := out[c]
		if general, ok := c.General(); ok && !own {
			if a, answered := out[general]; answered {
				out[c] = a
			}
		}
	}
	return out
}

// answered is that of the project of the call.
func (c *call) answered(err error) error { return c.project.answered(err) }

// answered puts the project's own answer to a refusal in place of the emulator's.
func (p *project) answered(err error) error {
	if p == nil || err == nil {
		return err
	}
	answers := p.settings.Load().answers
	if len(answers) == 0 {
		return err
	}
	r, ok := errors.AsType[*refusalError](err)
	if !ok {
		return err
	}
	a, ok := answers[r.condition]
	if !ok {
		return err
	}
	return &answeredError{err, a}
}

// stranger is the project that answers a request which names none that there is: the one
// of the header that SDKs send, else the only one. Nil if there are several.
func (e *Emulator) stranger(r *http.Request) *project {
	if p, ok := e.project(r.Header.Get(descope.ProjectHeader)); ok {
		return p
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if len(e.projects) != 1 {
		return nil
	}
	for _, p := range e.projects {
		return p
	}
	return nil
}

// replace carries an answer out.
func (a *answeredError) replace(status int, body descope.ErrorBody) (int, descope.ErrorBody) {
	body.ErrorCode = cmp.Or(a.answer.Code, body.ErrorCode)
	body.ErrorMessage = cmp.Or(a.answer.Message, body.ErrorMessage)
	body.Message = body.ErrorMessage
	return cmp.Or(a.answer.Status, status), body
}
