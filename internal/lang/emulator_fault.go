package lang

import (
	"slices"
	"strconv"

	"github.com/authbench/authbench/internal/policy"
)

func faultBlock() emulatorBlock {
	type fault = policy.Fault
	const doc = "Makes requests go wrong on purpose. Of the requests that it matches the first `skip` are let by; each of the others is struck with " +
		"the probability, until `count` were. Of several faults of a phase the first that strikes does. The seed, the name and the number of matching " +
		"requests decide, so that a run repeats."
	var actions []string
	for _, phase := range policy.FaultPhases() {
		for _, action := range policy.FaultActions(phase) {
			if !slices.Contains(actions, action) {
				actions = append(actions, action)
			}
		}
	}
	return many("fault", doc, []argument[fault]{
		textArg("match", "Path of the requests, whole or as a beginning with `*` at its end, behind a method if only one is meant: `POST /v1/auth/otp/*`. "+
			"On `delivery` it is the request that sends the message. Empty matches all.",
			func(f *fault) *string { return &f.Match }),
		needed(wordArg("phase", policy.FaultPhases(), "Where it strikes: before anything happens; when it has happened and is not answered yet; on the message; on the public keys, "+
			"which are no matter of the first two.",
			func(f *fault) *string { return &f.Phase })),
		needed(wordArg("action", actions, "An error; a connection that is closed without an answer; no answer; the body in small pieces, cut off in its middle, or "+
			"none that is JSON; time; of a message alone, that it is lost or comes twice; of the keys alone, those before the last rotation.",
			func(f *fault) *string { return &f.Action })),
		probabilityArg("probability", "How likely it strikes.", func(f *fault) **float64 { return &f.Probability }),
		intArg("skip", 0, "Requests that are let by first.", func(f *fault) *int { return &f.Skip }),
		intArg("count", 0, "Requests that it strikes at most; 0 is without end.", func(f *fault) *int { return &f.Count }),
		intArg("status", 200, "Status of the answer. Without it that of the request, or 503 where there is none.", func(f *fault) *int { return &f.Status }),
		textArg("error_code", "Error code in the body of a `status`.", func(f *fault) *string { return &f.ErrorCode }),
		textArg("retry_after", "Header Retry-After, as it is sent.", func(f *fault) *string { return &f.RetryAfter }),
		maybe(func(at func(*fault) *policy.Latency) argument[fault] {
			return latencyArg("latency", "Time that passes before everything else it does; of a `hang`, after which the connection is closed. "+
				"Real time, but on `delivery` that of the project's clock.", at)
		}, func(f *fault) **policy.Latency { return &f.Latency }),
		intArg("bytes_per_second", 1, "Speed of a `drip`.", func(f *fault) *int { return &f.BytesPerSecond }),
	}, func(label string) fault { return fault{Name: label} }, func(p *policy.Project) *[]fault { return &p.Faults })
}

// maybe makes of an argument one whose absence is a nil pointer.
func maybe[T, P any](of func(at func(*T) *P) argument[T], at func(*T) **P) argument[T] {
	var absent P
	out := of(func(*T) *P { return &absent })
	out.read = func(l *loader, c *content, into *T) {
		value, before := absent, len(l.diags)
		if of(func(*T) *P { return &value }).read(l, c, into); len(l.diags) == before {
			*at(into) = &value
		}
	}
	return out
}

// probabilityArg takes a number from 0 to 1, and means 1 if it is absent.
func probabilityArg[T any](name, doc string, at func(*T) **float64) argument[T] {
	return argument[T]{
		name: name, kind: "number from 0 to 1", doc: doc,
		read: func(l *loader, c *content, into *T) {
			p := l.staticNumber(c, name, 1, 1)
			*at(into) = &p
		},
		show: func(from *T) string {
			if *at(from) == nil {
				return "1"
			}
			return strconv.FormatFloat(**at(from), 'g', -1, 64)
		},
	}
}
