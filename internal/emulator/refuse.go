package emulator

import (
	"errors"

	"github.com/authbench/authbench/internal/descope"
)

// refusal is an answer of the API other than success.
type refusal struct {
	condition descope.Condition
	message   string // empty means the condition's own
}

func (r *refusal) Error() string {
	if r.message != "" {
		return r.message
	}
	return r.condition.Failure().Message
}

func refuse(c descope.Condition, message string) error {
	return &refusal{condition: c, message: message}
}

// required says that a field is missing, in the words of the service.
func required(field string) error {
	return refuse(descope.InvalidField, "The "+field+" field is required")
}

func invalid(field, rule string) error {
	return refuse(descope.InvalidField, "The "+field+" field "+rule)
}

// failure is the answer to an error. Only refusals speak of their cause.
func failure(err error) (status int, body descope.ErrorBody) {
	var r *refusal
	if errors.As(err, &r) {
		f := r.condition.Failure()
		return f.Status, f.Body(r.message)
	}
	f := descope.Internal.Failure()
	return f.Status, f.Body("")
}
