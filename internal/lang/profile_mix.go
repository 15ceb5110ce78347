package lang

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
)

var mixForm = form{what: `a "mix" block`, attrs: []string{"scenario", "weight"}, required: []string{"scenario", "weight"}}

// mix finds what a profile runs: one scenario, or several with weights.
func (l *loader) mix(b *block, scenarios []*plan.Scenario) []plan.Share {
	single, blocks := b.body.Attributes["scenario"], b.of("mix")
	switch {
	case single != nil && len(blocks) > 0:
		l.error(b.header, "Conflicting arguments", fmt.Sprintf("Load %q has a scenario and a mix. Write one of the two.", b.name))
		return nil
	case single != nil:
		if share, ok := l.share(single.Expr, scenarios); ok {
			share.Weight = 1
			return []plan.Share{share}
		}
		return nil
	case len(blocks) == 0:
		l.error(b.header, "Nothing to run", fmt.Sprintf("Load %q names no scenario. Write scenario = scenario.NAME, or mix blocks.", b.name))
		return nil
	}
	var out []plan.Share
	for _, mb := range blocks {
		c := l.content(mb.Body, mb.DefRange(), mixForm)
		a := mb.Body.Attributes["scenario"]
		if a == nil || mb.Body.Attributes["weight"] == nil {
			continue
		}
		share, ok := l.share(a.Expr, scenarios)
		share.Weight = l.weight(c)
		if !ok || share.Weight == 0 {
			continue
		}
		if taken(out, share) {
			l.error(a.Expr.Range(), "Duplicate scenario", fmt.Sprintf("This mix has scenario %q already. Give it one weight.", share.Name))
			continue
		}
		out = append(out, share)
	}
	return out
}

// weight gives 0 for one that is at fault.
func (l *loader) weight(c *content) float64 {
	if !l.given(c, "weight") {
		return 0
	}
	w := l.staticNumber(c, "weight", 0, 1e9)
	if w == 0 {
		l.unlessFaulty(c.expr("weight"), "Invalid value", "weight must be above 0: leave a scenario out that is not to run.")
	}
	return w
}

// taken reports whether one of the instances is in the mix already.
func taken(mix []plan.Share, share plan.Share) bool {
	for i := range mix {
		for _, sc := range mix[i].Scenarios {
			if slices.Contains(share.Scenarios, sc) {
				return true
			}
		}
	}
	return false
}

// share resolves `scenario.NAME` or `scenario.NAME["key"]`.
func (l *loader) share(e hclsyntax.Expression, scenarios []*plan.Scenario) (plan.Share, bool) {
	t, hd := hcl.AbsTraversalForExpr(e)
	name, key, hasKey := "", "", false
	ok := !hd.HasErrors() && t.RootName() == "scenario" && (len(t) == 2 || len(t) == 3)
	if ok {
		var attr hcl.TraverseAttr
		if attr, ok = t[1].(hcl.TraverseAttr); ok {
			name = attr.Name
		}
	}
	if ok && len(t) == 3 {
		index, isIndex := t[2].(hcl.TraverseIndex)
		if ok = isIndex && index.Key.Type() == cty.String; ok {
			key, hasKey = index.Key.AsString(), true
		}
	}
	if !ok {
		l.error(e.Range(), "Invalid scenario reference", "Name a declared scenario: scenario = scenario.NAME")
		return plan.Share{}, false
	}
	var known []string
	var forEach *eval.Expr
	for _, d := range l.decls.scenarios {
		known = append(known, d.name)
		if d.name == name {
			forEach = d.expr("for_each")
		}
	}
	if !slices.Contains(known, name) {
		l.error(e.Range(), "Undeclared scenario", fmt.Sprintf("No scenario %q is declared.%s", name, suggest(name, known)))
		return plan.Share{}, false
	}
	share := plan.Share{Name: name}
	var keys []string
	for _, sc := range scenarios {
		if sc.Name != name {
			continue
		}
		if keys = append(keys, sc.Key); !hasKey || sc.HasKey && sc.Key == key {
			share.Scenarios = append(share.Scenarios, sc)
		}
	}
	if len(share.Scenarios) > 0 {
		return share, true
	}
	switch {
	case forEach != nil && l.faulty(forEach.Site().Range) || l.overfull: // told there
	case hasKey:
		l.error(e.Range(), "Undeclared scenario", fmt.Sprintf("Scenario %q has no instance %q.%s", name, key, suggest(key, keys)))
	default:
		l.error(e.Range(), "Nothing to run", fmt.Sprintf("The for_each of scenario %q is empty, so there is nothing to run.", name))
	}
	return plan.Share{}, false
}
