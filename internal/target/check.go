package target

import (
	"fmt"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// checkScenarios refuses scenarios that may not run where their providers point.
func (o *opener) checkScenarios() {
	for _, sc := range o.plan.Scenarios {
		if len(sc.Targets) == 0 {
			continue
		}
		for _, kind := range o.kindsOf(sc) {
			if !allowed(sc.Targets, kind) {
				o.diags = append(o.diags, sc.Source.Error("Scenario not allowed on this target", fmt.Sprintf(
					"%s may run on %v alone, and the target is %s. Leave it out with --run or --tags.", sc.Address, sc.Targets, kind))...)
			}
		}
	}
}

func (o *opener) kindsOf(sc *plan.Scenario) []result.TargetKind {
	var out []result.TargetKind
	seen := map[result.TargetKind]bool{}
	for st := range sc.Steps() {
		if st.Provider == nil {
			continue
		}
		if k := o.homes[st.Provider].kind; !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

// allowed holds a target against the words of a scenario. Whether a live target is
// staging or production nobody can see, so either word admits it.
func allowed(words []string, kind result.TargetKind) bool {
	for _, w := range words {
		if (w == "emulator") == (kind == result.Emulator) {
			return true
		}
	}
	return false
}
