package emulator

import (
	"net/http"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/steps"
)

func clockCommand() command {
	return command{
		name: "emulator_clock",
		doc:  "Moves the clock of an emulated project: everything that expires, and every time in a token, goes by it. Without an argument it only reads the clock.",
		args: []steps.Arg{
			{Name: "advance", Type: cty.String, Duration: true, Echo: true, Doc: "Jump ahead by this much."},
			{Name: "set", Type: cty.String, Echo: true, Doc: "Jump to this time, RFC 3339."},
			{Name: "skew", Type: cty.String, Echo: true, Doc: "How far the clock is off from then on, a duration that may be negative."},
			{Name: "freeze", Type: cty.Bool, Echo: true, Doc: "true stops the clock, false lets it run."},
		},
		results: []steps.Attr{
			{Name: "now", Type: cty.String, Doc: "What the clock shows after the step, RFC 3339 with nanoseconds, UTC."},
			{Name: "frozen", Type: cty.Bool, Doc: "Whether the clock stands."},
		},
		check:    checkClock,
		requests: clockRequests,
		read: func(_ steps.Args, documents [][]byte) (steps.Fixed, error) {
			var c struct {
				Now    string `json:"now"`
				Frozen bool   `json:"frozen"`
			}
			if err := decode(documents[0], &c); err != nil {
				return nil, err
			}
			return steps.Fixed{"now": cty.StringVal(c.Now), "frozen": cty.BoolVal(c.Frozen)}, nil
		},
	}
}

func clockRequests(a steps.Args) []request {
	document := given(a, "advance", "set", "skew")
	if a.Has("freeze") {
		word := "resume"
		if a.Bool("freeze") {
			word = "freeze"
		}
		document[word] = true
	}
	if len(document) == 0 {
		return []request{{http.MethodGet, "clock", nil}}
	}
	return []request{{http.MethodPost, "clock", document}}
}

func checkClock(a steps.Args) []steps.Problem {
	var problems []steps.Problem
	if a.Has("set") {
		if _, err := time.Parse(time.RFC3339Nano, a.String("set")); err != nil {
			problems = append(problems, steps.Problem{Arg: "set", Detail: `This is no time. Write one such as "2030-01-31T12:00:00Z".`})
		}
		if a.Has("advance") {
			problems = append(problems, steps.Problem{Arg: "advance", Detail: "A clock is either set or advanced. Give one of the two."})
		}
	}
	if a.Has("skew") {
		if _, err := time.ParseDuration(a.String("skew")); err != nil {
			problems = append(problems, steps.Problem{Arg: "skew", Detail: `This is no duration. Write one such as "90s" or "-5m".`})
		}
	}
	return problems
}
