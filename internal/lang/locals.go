package lang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// resolveLocals evaluates the locals of the run, each after those it refers to.
func (l *loader) resolveLocals() {
	exprs := map[string]*eval.Expr{}
	good := map[string]bool{}
	env := l.runEnv("in a top-level local")
	for _, d := range l.decls.locals {
		e := l.expr(d.attr.Expr)
		exprs[d.name] = e
		good[d.name] = l.checkRefs(e, env)
	}
	order, cyclic := sortLocals(l.decls.locals, exprs)
	l.reportCycles(cyclic)
	ordered := make(map[*localDecl]bool, len(order))
	for _, d := range order {
		ordered[d] = true
	}
	values := map[string]cty.Value{}
	scope := l.globals.NewCheckScope(exprs, cty.NilVal)
	for _, d := range l.decls.locals {
		values[d.name] = cty.DynamicVal
		if !good[d.name] || !ordered[d] {
			exprs[d.name] = eval.Constant(cty.DynamicVal)
		}
	}
	for _, d := range order {
		v, diags := scope.Local(d.name)
		l.diags = append(l.diags, diags...)
		if diags.HasErrors() {
			// Told once: those that refer to it are not at fault.
			exprs[d.name].Fold(cty.DynamicVal)
			continue
		}
		values[d.name] = v
		if eval.IsSensitive(v) {
			_, texts := eval.Reveal(v)
			l.keepTexts(texts)
		}
	}
	l.globals.Locals = cty.ObjectVal(values)
}

// cycle is a chain of locals that leads back to its first.
type cycle struct {
	names []string
	at    hcl.Range
}

// sortLocals orders declarations so that each comes after those it refers to. Those
// that refer to themselves in the end are given apart.
func sortLocals(decls []*localDecl, exprs map[string]*eval.Expr) (order []*localDecl, cycles []cycle) {
	byName := map[string]*localDecl{}
	for _, d := range decls {
		byName[d.name] = d
	}
	const visiting, done, broken = 1, 2, 3
	state := map[string]int{}
	var chain []string
	var visit func(d *localDecl) bool
	visit = func(d *localDecl) bool {
		switch state[d.name] {
		case done:
			return true
		case broken:
			return false
		case visiting:
			names := slices.Clone(chain[slices.Index(chain, d.name):])
			cycles = append(cycles, cycle{append(names, d.name), d.rng})
			return false
		}
		state[d.name] = visiting
		chain = append(chain, d.name)
		ok := true
		for _, r := range exprs[d.name].Refs() {
			if next := byName[r.Name]; r.Root == "local" && next != nil && !visit(next) {
				ok = false
			}
		}
		chain = chain[:len(chain)-1]
		state[d.name] = broken
		if ok {
			state[d.name] = done
			order = append(order, d)
		}
		return ok
	}
	for _, d := range decls {
		visit(d)
	}
	return order, cycles
}

func (l *loader) reportCycles(cycles []cycle) {
	for _, c := range cycles {
		names := make([]string, len(c.names))
		for i, n := range c.names {
			names[i] = "local." + n
		}
		l.error(c.at, "Cycle in locals", fmt.Sprintf("The value of %s depends on itself: %s. Break the chain.",
			names[0], strings.Join(names, " -> ")))
	}
}
