package emulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/policy"
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
	switch {
	case made && a.Bool("remove"):
		problems = append(problems, steps.Problem{Arg: "remove", Detail: "A fault is either made or taken away. Leave out everything but the name."})
	case made && allKnown(a) && len(problems) == 0:
		problems = refused(a)
	}
	return problems
}

// allKnown tells whether every argument that makes a fault is known.
func allKnown(a steps.Args) bool {
	for _, name := range traits {
		if v := a.Get(name); !v.IsAbsent() && !a.Has(name) && !v.IsNull() {
			return false
		}
	}
	return true
}

// refused finds what the emulator would refuse.
func refused(a steps.Args) []steps.Problem {
	var f policy.Fault
	var problems []steps.Problem
	document := given(a, traits...)
	for _, name := range traits {
		v, there := document[name]
		if !there {
			continue
		}
		text, err := json.Marshal(map[string]any{name: v})
		if err == nil {
			err = strictly(text, &f)
		}
		if err != nil {
			problems = append(problems, steps.Problem{Arg: name, Detail: sentence(err) + "."})
		}
	}
	if f.Name = a.String("name"); f.Name == "" {
		f.Name = "unknown"
	}
	if len(problems) > 0 {
		return problems
	}
	for _, p := range policy.ValidateFaults([]policy.Fault{f}) {
		setting := strings.TrimPrefix(p.Setting, "fault[0].")
		arg, inner, _ := strings.Cut(setting, ".")
		detail := p.Detail + "."
		if inner != "" {
			detail = inner + ": " + detail
		}
		problems = append(problems, steps.Problem{Arg: arg, Detail: detail})
	}
	return problems
}
