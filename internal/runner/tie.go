package runner

import (
	"sync/atomic"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// recipientArg is the argument of a wait that says whose message is meant.
const recipientArg = "to"

// tie connects waits with the steps that send, and teardown with what it needs. It
// tells how many waits there are.
func tie(sc *plan.Scenario, all []*step) (waits int) {
	for _, s := range all {
		if s.Section == result.Teardown {
			for _, ref := range s.Needs {
				s.needs = append(s.needs, named(all, ref)...)
			}
		}
		if s.After == nil || s.source == nil {
			continue
		}
		s.message = waits
		waits++
		for _, sender := range named(all, *s.After) {
			sender.waits = append(sender.waits, s)
		}
		for _, a := range s.Args {
			if a.Spec != nil && a.Spec.Name == recipientArg && a.Value != nil {
				s.recipient = a.Value
				s.recipientSteps = stepsBehind(a.Value, sc.Locals, map[string]bool{}, nil)
			}
		}
	}
	for _, s := range all {
		s.told = make([]atomic.Int32, len(s.waits))
	}
	return waits
}

func named(all []*step, ref plan.StepRef) []*step {
	var out []*step
	for _, s := range all {
		if s.Name == ref.Name && (ref.Key == "" || s.Key == ref.Key) {
			out = append(out, s)
		}
	}
	return out
}

// stepsBehind lists the steps that an expression refers to, through locals as well.
func stepsBehind(e *eval.Expr, locals map[string]*eval.Expr, seen map[string]bool, out []string) []string {
	for _, ref := range e.Refs() {
		switch ref.Root {
		case "step":
			out = append(out, ref.Name)
		case "local":
			if l := locals[ref.Name]; l != nil && !seen[ref.Name] {
				seen[ref.Name] = true
				out = stepsBehind(l, locals, seen, out)
			}
		}
	}
	return out
}
