package emulator

import (
	"errors"

	"github.com/authbench/authbench/internal/descope"
)

// refusalError is an answer of the API other than success.
type refusalError struct {
	condition descope.Condition
	message   string // empty means the condition's own
}

func (r *refusalError) Error() string {
	if r.message != "" {
		return r.message
	}
	return r.condition.Failure().Message
}

func refuse(c descope.Condition, message string) error {
	return &refusalError{condition: c, message: message}
}

// required says that a field is missing, in the words of the service.
func required(field string) error {
	return refuse(descope.InvalidField, "The "+field+" field is required")
}

func invalid(field, rule string) error {
	return refuse(descope.InvalidField, "The "+field+" field "+rule)
}

// unknownField says which field, a name in its quotes, the request does not have.
func unknownField(quoted []byte) error {
	const most = 64
	if len(quoted) > most {
		return refuse(descope.UnknownField, "")
	}
	return refuse(descope.UnknownField, "The body holds the field "+string(quoted)+", which the request does not have")
}

// failure is the answer to an error. Only refusals speak of their cause.
func failure(err error) (status int, body descope.ErrorBody) {
	if r, ok := errors.AsType[*refusalError](err); ok {
		f := r.condition.Failure()
		status, body = f.Status, f.Body(r.message)
		if a, ok := errors.AsType[*answeredError](err); ok {
			return a.replace(status, body)
		}
		return status, body
	}
	f := descope.Internal.Failure()
	return f.Status, f.Body("")
}
