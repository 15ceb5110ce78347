package target

import (
	"fmt"
	"strings"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/lang"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// Check reports what is sure to be refused when plans are opened, without asking
// anybody: scenarios and inboxes that do not go with a live target. A target on this
// machine may be an emulator, so nothing is sure of it.
func Check(plans []*plan.Plan) diag.List {
	var diags diag.List
	for _, p := range plans {
		kinds := map[*plan.Provider]result.TargetKind{}
		for _, pr := range p.Providers {
			switch {
			case pr.BaseURL == lang.EmulatorURL:
				kinds[pr] = result.Emulator
			case !plan.Loopback(pr.BaseURL):
				kinds[pr] = result.Live
			}
		}
		diags = append(diags, misplaced(p, kinds)...)
		uses := p.Uses()
		for _, pr := range p.Providers {
			if kinds[pr] == result.Live {
				diags = append(diags, unsteered(uses.Steering(pr), pr, result.Live)...)
			}
		}
		for _, in := range p.Inboxes {
			if uses.Inbox(in) && in.URL == "" && kinds[in.Provider] == result.Live {
				diags = append(diags, in.Source.Error("Inbox can not be opened", noInbox(in, result.Live))...)
			}
		}
	}
	diags.Sort()
	return diags
}

// CheckLoad reports the requests of a load that would go to a live target that nothing
// bounds. What it finds is sure before anything is sent; the runner holds back requests
// whose address is known only then.
func CheckLoad(p *plan.Plan) diag.List {
	var diags diag.List
	for _, s := range p.Strays() {
		diags = append(diags, s.Source.Error("Live target without limits", fmt.Sprintf(
			"A load sends only to this machine and to providers, and %s is neither. Declare a provider with this base_url and limits { requests_per_second = 1 }.", s.Origin))...)
	}
	diags.Sort()
	return diags
}

// misplaced finds scenarios that may not run where their providers point. A provider
// whose kind is not known yet is let pass.
func misplaced(p *plan.Plan, kinds map[*plan.Provider]result.TargetKind) diag.List {
	var diags diag.List
	for _, sc := range p.Scenarios {
		if len(sc.Targets) == 0 {
			continue
		}
		seen := map[result.TargetKind]bool{"": true}
		for st := range sc.Steps() {
			kind := kinds[st.Provider]
			if seen[kind] {
				continue
			}
			seen[kind] = true
			if !allowed(sc.Targets, kind) {
				diags = append(diags, sc.Source.Error("Scenario not allowed on this target", fmt.Sprintf(
					"%s may run on %s alone, and the target is %s. Leave it out with --run or --tags.", sc.Address, strings.Join(sc.Targets, " or "), kind))...)
			}
		}
	}
	return diags
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
