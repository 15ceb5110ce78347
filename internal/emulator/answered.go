package emulator

import (
	"cmp"
	"errors"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// answeredError is a refusal that the project answers in its own way.
type answeredError struct {
	error
	answer policy.Answer
}

func (a *answeredError) Unwrap() error { return a.error }

// newAnswers is the answers of a valid policy by condition.
func newAnswers(all []policy.Answer) map[descope.Condition]policy.Answer {
	named := map[string]descope.Condition{}
	for _, c := range descope.Conditions() {
		named[c.String()] = c
	}
	out := make(map[descope.Condition]policy.Answer, len(all))
	for _, a := range all {
		out[named[a.Condition]] = a
	}
	return out
}

// answered puts the project's own answer to a refusal in place of the emulator's.
func (c *call) answered(err error) error {
	if c.project == nil || len(c.project.answers) == 0 {
		return err
	}
	r, ok := errors.AsType[*refusalError](err)
	if !ok {
		return err
	}
	a, ok := c.project.answers[r.condition]
	if !ok {
		return err
	}
	return &answeredError{err, a}
}

// replace carries an answer out.
func (a *answeredError) replace(status int, body descope.ErrorBody) (int, descope.ErrorBody) {
	body.ErrorCode = cmp.Or(a.answer.Code, body.ErrorCode)
	body.ErrorMessage = cmp.Or(a.answer.Message, body.ErrorMessage)
	body.Message = body.ErrorMessage
	return cmp.Or(a.answer.Status, status), body
}
