package plan

import (
	"slices"
	"strings"

	"github.com/authbench/authbench/internal/eval"
)

// fallbackView is an expression that hcl evaluates in each iteration, which costs some
// fifty times what a compiled one does.
type fallbackView struct {
	Source, Expression, Reason string
}

// fallbacks lists them for a scenario that is compiled, in the order of the text, each
// place once: the instances of a step share theirs.
func (v *viewer) fallbacks(sc *Scenario) []fallbackView {
	if sc.Layout == nil {
		return nil
	}
	var found []*eval.Expr
	add := func(e *eval.Expr) {
		if e != nil && e.Fallback() != "" {
			found = append(found, e)
		}
	}
	for _, l := range sc.Layout.Locals {
		add(l.Expr)
	}
	for s := range sc.Steps() {
		s.expressions(add)
	}
	for _, o := range sc.Outputs {
		add(o.Value)
	}
	slices.SortStableFunc(found, func(a, b *eval.Expr) int {
		x, y := a.Site().Range, b.Site().Range
		if c := strings.Compare(x.Filename, y.Filename); c != 0 {
			return c
		}
		return x.Start.Byte - y.Start.Byte
	})
	var out []fallbackView
	for _, e := range found {
		f := fallbackView{v.place(e.Site()), v.source(e), e.Fallback()}
		if len(out) == 0 || out[len(out)-1] != f {
			out = append(out, f)
		}
	}
	return out
}
