package emulator

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/policy"
)

// limitedError is a refusal that ends by itself.
type limitedError struct {
	refusal    error
	now, until time.Time // by the project's clock
	form       string    // of the header, one of policy.RetryAfters
}

func (e *limitedError) Error() string { return e.refusal.Error() }
func (e *limitedError) Unwrap() error { return e.refusal }

// setRetryAfter says when a refusal ends, if it does: never too early, and less than a
// second too late. A date goes with the Date that it is measured by, for the project's
// clock need not be that of the machine.
func setRetryAfter(h http.Header, err error) {
	e, ok := errors.AsType[*limitedError](err)
	if !ok {
		return
	}
	switch e.form {
	case policy.RetryAfterSeconds:
		wait := e.until.Sub(e.now)
		seconds := int64(wait / time.Second)
		if wait%time.Second != 0 {
			seconds++
		}
		h.Set("Retry-After", strconv.FormatInt(max(1, seconds), 10))
	case policy.RetryAfterDate:
		end := e.until.Truncate(time.Second)
		if end.Before(e.until) {
			end = end.Add(time.Second)
		}
		h.Set("Date", e.now.UTC().Format(http.TimeFormat))
		h.Set("Retry-After", end.UTC().Format(http.TimeFormat))
	}
}
