package cli

import (
	"errors"
	"fmt"
)

// Code is an exit code. The codes mean the same for every verb.
type Code int

// The exit codes.
const (
	Good         Code = 0
	Failed       Code = 1
	Wrong        Code = 2
	Unjudged     Code = 3
	Inconclusive Code = 4
	Interrupted  Code = 130
)

var errNothingSelected = errors.New("no scenario is selected")

// exitHelp stands below the help of every verb.
const exitHelp = `Exit codes:
  0    good
  1    judged and failed
  2    the file or the usage is wrong, or nothing was selected; nothing was sent
  3    nothing could be judged: no request was answered, credentials were refused,
       a message source or the state could not be opened
  4    inconclusive: the generator was saturated, or arrivals were dropped that no
       threshold mentions
  130  interrupted, with a report of what ran
`

// failure is an error with an exit code. An empty text says that everything has been
// told already.
type failure struct {
	code Code
	err  error
	hint string
}

func (f *failure) Error() string {
	if f.err == nil {
		return ""
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// exit ends a verb with a code, all having been told.
func exit(code Code) error {
	if code == Good {
		return nil
	}
	return &failure{code: code}
}

func wrong(format string, args ...any) error {
	return &failure{code: Wrong, err: fmt.Errorf(format, args...)}
}

func codeOf(err error) Code {
	if err == nil {
		return Good
	}
	if f, ok := errors.AsType[*failure](err); ok {
		return f.code
	}
	return Wrong // cobra's own errors are about usage
}
