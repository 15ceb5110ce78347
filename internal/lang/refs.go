package lang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
)

// refEnv says what an expression may refer to at its place.
type refEnv struct {
	// where names the place for messages.
	where string
	// roots are the allowed first words.
	roots []string
	// scenarioLocals are the names behind local beyond those of the top level.
	scenarioLocals []string
	// each is the value of the root each, NilVal where there is none.
	each cty.Value
	// self is the type behind self, NilType where there is none.
	self cty.Type
	// steps are the steps of the scenario, nil outside of one.
	steps *stepScope
	// impure allows functions that give another value each time.
	impure bool
	// fixture tells that the place is in a fixture.
	fixture bool
	// metrics is the profile whose metrics may be referred to, nil for none.
	metrics *plan.Load
	// reached notes the datasets and fixtures that are referred to, as "dataset NAME";
	// it may be nil.
	reached map[string]bool
}

// allRoots are the first words of the language; the later ones are refused by name.
var (
	allRoots = []string{
		"var", "local", "path", "provider", "step", "self", "each", "iteration", "vu", "run", "dataset", "fixture", "metrics",
	}
	laterRoots = []string{"module", "load", "monitor", "authbench", "scenario"}
)

// laterFunctions are refused by name as well.
var laterFunctions = []string{"jsonpath", "jwtverify", "templatefile", "timecmp", "totp", "transpose", "yamldecode", "yamlencode"}

// rootAttrs are the words behind roots of fixed shape.
var rootAttrs = map[string][]string{
	"iteration": {"id", "index", "uuid"}, "vu": {"id"}, "run": {"id", "profile", "seed", "started_at"},
	"path": {"module", "root"}, "each": {"key", "value"},
}

// checkRefs reports every reference and function of an expression that can not be
// meant, and whether there was none. What passes can be evaluated without a
// complaint about names.
func (l *loader) checkRefs(e *eval.Expr, env *refEnv) bool {
	switch {
	case e == nil:
		return true
	case l.full():
		return false
	}
	before := len(l.diags)
	for _, r := range e.Refs() {
		l.checkRef(r, env)
	}
	l.checkFunctions(e, env)
	return len(l.diags) == before
}

func (l *loader) checkRef(r eval.Ref, env *refEnv) {
	switch {
	case slices.Contains(laterRoots, r.Root):
		l.error(r.Range, "Not supported yet", fmt.Sprintf("References to %q belong to the language, but this version does not carry them out.", r.Root))
		return
	case r.Root == "inbox":
		l.error(r.Range, "Invalid reference", "An inbox may only stand as a whole in the argument inbox: inbox = inbox.NAME")
		return
	case !slices.Contains(allRoots, r.Root):
		l.error(r.Range, "Invalid reference", fmt.Sprintf("There is no %q to refer to.%s A reference begins with %s.",
			r.Root, suggest(r.Root, allRoots), list(env.roots)))
		return
	case !slices.Contains(env.roots, r.Root):
		l.misplacedRoot(r, env)
		return
	case r.Name == "" && r.Root != "self":
		l.error(r.Range, "Invalid reference", fmt.Sprintf("%q can not be used as a whole. Write a dot and a name after it.", r.Root))
		return
	}
	switch r.Root {
	case "var":
		if l.decls.variable[r.Name] == nil {
			l.error(r.Range, "Undeclared variable", fmt.Sprintf("No variable %q is declared.%s", r.Name, suggest(r.Name, l.decls.variableNames)))
			return
		}
		l.used["var "+r.Name] = true
		if v, ok := l.variables[r.Name]; ok {
			l.checkAttrs(r, v.Type(), r.Rest, "var."+r.Name)
		}
	case "local":
		if l.decls.local[r.Name] == nil && !slices.Contains(env.scenarioLocals, r.Name) {
			l.error(r.Range, "Undeclared local", fmt.Sprintf("No local %q is declared.%s", r.Name, suggest(r.Name, append(slices.Clone(env.scenarioLocals), l.decls.localNames...))))
			return
		}
		l.used["local "+r.Name] = true
		if env.steps != nil {
			env.steps.checkLocal(l, r)
		}
	case "provider":
		l.checkProviderRef(r)
	case "dataset", "fixture":
		l.checkRunRef(r, env)
	case "metrics":
		l.checkMetricsRef(r, env.metrics)
	case "step":
		env.steps.checkStep(l, r)
	case "self":
		if r.Name != "" {
			l.checkAttrs(r, env.self, append(hcl.Traversal{hcl.TraverseAttr{Name: r.Name, SrcRange: r.Range}}, r.Rest...), "self")
		}
	default:
		if known := rootAttrs[r.Root]; !slices.Contains(known, r.Name) {
			l.error(r.Range, "Unsupported attribute", fmt.Sprintf("%q has no attribute %q.%s It has %s.",
				r.Root, r.Name, suggest(r.Name, known), list(known)))
			return
		}
		if r.Root == "each" && env.each != cty.NilVal {
			l.checkAttrs(r, env.each.GetAttr(r.Name).Type(), r.Rest, "each."+r.Name)
		}
	}
}

func (l *loader) checkProviderRef(r eval.Ref) {
	p := l.providerNamed(r.Name)
	if p == nil {
		var known []string
		for _, p := range l.providers {
			known = append(known, p.Name)
		}
		l.error(r.Range, "Undeclared provider", fmt.Sprintf("No provider %q is declared.%s", r.Name, suggest(r.Name, known)))
		return
	}
	l.checkAttrs(r, providerValue(p).Type(), r.Rest, "provider."+r.Name)
}

// checkAttrs follows a reference through the attributes of a known type, so that a
// misspelt one is found with the word that was meant.
func (l *loader) checkAttrs(r eval.Ref, t cty.Type, rest hcl.Traversal, soFar string) {
	for _, step := range rest {
		if t == cty.NilType || t == cty.DynamicPseudoType {
			return
		}
		switch s := step.(type) {
		case hcl.TraverseAttr:
			switch {
			case t.IsObjectType():
				if !t.HasAttribute(s.Name) {
					l.unknownAttr(r, t, s.Name, soFar)
					return
				}
				t = t.AttributeType(s.Name)
			case t.IsMapType():
				t = t.ElementType()
			default:
				l.error(r.Range, "Unsupported attribute", fmt.Sprintf("%s is %s and has no attributes.", soFar, article(t)))
				return
			}
			soFar += "." + s.Name
		case hcl.TraverseIndex:
			if !t.IsCollectionType() {
				return // left to the evaluation
			}
			t = t.ElementType()
			soFar += "[...]"
		default:
			return
		}
	}
}

func (l *loader) unknownAttr(r eval.Ref, t cty.Type, name, of string) {
	known := make([]string, 0, len(t.AttributeTypes()))
	for k := range t.AttributeTypes() {
		known = append(known, k)
	}
	slices.Sort(known)
	detail := fmt.Sprintf("%s has no attribute %q.%s", of, name, suggest(name, known))
	if nearest(name, known) == "" {
		detail += " It has " + strings.Join(known, ", ") + "."
	}
	l.error(r.Range, "Unsupported attribute", detail)
}

// checkFunctions reports unknown functions, and those that give another value each
// time where a value must hold for the whole run.
func (l *loader) checkFunctions(e *eval.Expr, env *refEnv) {
	if e.Node() == nil {
		return
	}
	_ = hclsyntax.VisitAll(e.Node(), func(n hclsyntax.Node) hcl.Diagnostics {
		call, ok := n.(*hclsyntax.FunctionCallExpr)
		if !ok {
			return nil
		}
		impure := slices.Contains(eval.ImpureNames(), call.Name)
		switch {
		case impure && !env.impure:
			l.error(call.NameRange, "Function not allowed here", fmt.Sprintf(
				"%s() gives another value at each call, and this value is made once for the whole run. Use it inside a scenario, in a locals block or an argument.", call.Name))
		case slices.Contains(laterFunctions, call.Name):
			l.error(call.NameRange, "Not supported yet", fmt.Sprintf("The function %s() belongs to the language, but this version does not carry it out.", call.Name))
		case !impure && !l.hasFunction(call.Name):
			l.error(call.NameRange, "Unknown function", fmt.Sprintf("There is no function %q.%s", call.Name, suggest(call.Name, eval.FunctionNames())))
		}
		return nil
	})
}

func (l *loader) hasFunction(name string) bool {
	_, ok := l.functions[name]
	return ok
}
