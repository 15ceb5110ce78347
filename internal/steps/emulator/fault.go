package emulator

import (
	"net/http"
	"net/url"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/steps"
)

// traits are the arguments that make a fault.
var traits = []string{"match", "phase", "action", "probability", "skip", "count", "status", "error_code", "retry_after", "bytes_per_second", "latency"}

func faultCommand() command {
	return command{
		name: "emulator_fault",
		doc:  "Lets requests to an emulated project go wrong: before anything happens, after it has happened but before the answer, on the way of a message, or on the public keys. A fault of the same name is replaced. With the name alone the step only looks.",
		args: []steps.Arg{
			{Name: "name", Type: cty.String, Required: true, Echo: true, Doc: "What the fault is called."},
			{Name: "match", Type: cty.String, Echo: true, Doc: "Which requests: a path, or the beginning of paths with a * at its end, behind a method and a space if only one is meant."},
			{Name: "phase", Type: cty.String, Echo: true, OneOf: []string{"before", "after_commit", "delivery", "jwks"}, Doc: "Where it strikes."},
			{Name: "action", Type: cty.String, Echo: true, OneOf: []string{"status", "reset", "hang", "drip", "truncate", "garbage", "latency", "loss", "duplicate", "stale"}, Doc: "What it does."},
			{Name: "probability", Type: cty.Number, Echo: true, Doc: "How likely it strikes a request, 1 without it."},
			{Name: "skip", Type: cty.Number, Echo: true, Doc: "How many requests are let by first."},
			{Name: "count", Type: cty.Number, Echo: true, Doc: "How many requests it strikes, without it all."},
			{Name: "status", Type: cty.Number, Doc: "Status of the answer."},
			{Name: "error_code", Type: cty.String, Echo: true, Doc: "Error code in the answer, for a status."},
			{Name: "retry_after", Type: cty.String, Echo: true, Doc: "The header of that name, for a status."},
			{Name: "latency", Type: cty.String, Duration: true, Echo: true, Doc: "How long it takes before it strikes."},
			{Name: "bytes_per_second", Type: cty.Number, Echo: true, Doc: "Pace of a drip."},
			{Name: "remove", Type: cty.Bool, Echo: true, Doc: "true takes the fault away."},
		},
		results: []steps.Attr{
			{Name: "matched", Type: cty.Number, Doc: "How many requests were of those it is meant for."},
			{Name: "struck", Type: cty.Number, Doc: "How many it has struck."},
		},
		check:    checkFault,
		requests: faultRequests,
		read:     readFault,
	}
}

func faultRequests(a steps.Args) []request {
	name := a.String("name")
	look := request{http.MethodGet, "faults", nil}
	if a.Bool("remove") {
		return []request{look, {http.MethodDelete, "faults/" + url.PathEscape(name), nil}}
	}
	document := given(a, traits...)
	if len(document) == 0 {
		return []request{look}
	}
	return []request{{http.MethodPut, "faults/" + url.PathEscape(name), document}}
}

// readFault reads what became of the fault from the list of the first answer.
func readFault(a steps.Args, documents [][]byte) (steps.Fixed, error) {
	var list struct {
		Faults []struct {
			Name string `json:"name"`
			Seen int64  `json:"seen"`
			Hits int64  `json:"hits"`
		} `json:"faults"`
	}
	if err := decode(documents[0], &list); err != nil {
		return nil, err
	}
	out := steps.Fixed{"matched": cty.NumberIntVal(0), "struck": cty.NumberIntVal(0)}
	for _, f := range list.Faults {
		if f.Name == a.String("name") {
			out["matched"], out["struck"] = cty.NumberIntVal(f.Seen), cty.NumberIntVal(f.Hits)
		}
	}
	return out, nil
}

func checkFault(a steps.Args) []steps.Problem {
	problems := chance(a, "probability")
	if a.Has("name") && a.String("name") == "" {
		problems = append(problems, steps.Problem{Arg: "name", Detail: "A fault needs a name, so that it can be found again."})
	}
	made := false
	for _, name := range traits {
		made = made || a.Has(name)
	}
	if made && !unknownAction(a) && !a.Has("action") {
		problems = append(problems, steps.Problem{Arg: "action", Detail: `Say what the fault does, for example action = "status".`})
	}
	if made && a.Bool("remove") {
		problems = append(problems, steps.Problem{Arg: "remove", Detail: "A fault is either made or taken away. Leave out everything but the name."})
	}
	return problems
}

// unknownAction tells that the action is given and not known yet.
func unknownAction(a steps.Args) bool {
	return !a.Get("action").IsAbsent() && !a.Has("action") && !a.Get("action").IsNull()
}
