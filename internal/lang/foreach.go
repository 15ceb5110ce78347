package lang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// The bounds on expansion: what one for_each may come to, and how many steps there
// may be in all.
const (
	MaxInstances = 1000
	MaxSteps     = 20_000
)

// instance is one element of a for_each.
type instance struct {
	key     string
	forEach bool
	each    cty.Value // NilVal without for_each
}

// instances expands a for_each, which must be known before the run. Without one there
// is a single instance. outer is the each of the scenario, for a step. ok is false
// when the for_each is at fault.
func (l *loader) instances(e *eval.Expr, outer cty.Value) (out []instance, ok bool) {
	if e == nil {
		return []instance{{each: outer}}, true
	}
	env := l.runEnv("in for_each")
	if outer != cty.NilVal {
		env.roots, env.each = append(env.roots, "each"), outer
	}
	before := len(l.diags)
	v, ok := l.staticExpr(e, env, cty.DynamicPseudoType, outer)
	at := e.Site().Range
	if !ok {
		if len(l.diags) == before && l.isNull(e, outer) {
			l.error(at, "Invalid for_each", "for_each must not be null: the block would be left out without a word. Give it an empty map or set for no instances.")
		}
		return nil, false
	}
	if eval.IsSensitive(v) {
		l.error(at, "Invalid for_each", "for_each must not be sensitive: its keys stand in reports and metrics. Use nonsensitive() if they may.")
		return nil, false
	}
	t := v.Type()
	isSet := t.IsSetType() && (t.ElementType() == cty.String || v.LengthInt() == 0)
	if !isSet && !t.IsMapType() && !t.IsObjectType() {
		l.error(at, "Invalid for_each", fmt.Sprintf("for_each needs a map, an object, or a set of texts; this is %s. Write toset([...]) round a list of texts.", article(t)))
		return nil, false
	}
	if n := v.LengthInt(); n > MaxInstances {
		l.error(at, "Invalid for_each", fmt.Sprintf("for_each comes to %d instances; %d are allowed.", n, MaxInstances))
		return nil, false
	}
	for it := v.ElementIterator(); it.Next(); {
		k, elem := it.Element()
		if isSet {
			k = elem
		}
		if k.IsNull() || k.AsString() == "" {
			l.error(at, "Invalid for_each", "A key of for_each must not be null or empty.")
			return nil, false
		}
		out = append(out, instance{key: k.AsString(), forEach: true, each: eval.Each(k.AsString(), elem)})
	}
	slices.SortFunc(out, func(a, b instance) int { return strings.Compare(a.key, b.key) })
	return out, true
}

// isNull evaluates an expression that was checked before.
func (l *loader) isNull(e *eval.Expr, each cty.Value) bool {
	v, diags := e.Value(l.globals.NewCheckScope(nil, each))
	v, _ = v.Unmark()
	return !diags.HasErrors() && v.IsKnown() && v.IsNull()
}

// unknownInstance stands for an instance of a for_each that gives none, so that the
// rest of the block is checked.
func unknownInstance() instance {
	return instance{forEach: true, each: cty.ObjectVal(map[string]cty.Value{
		"key": cty.UnknownVal(cty.String).RefineNotNull(), "value": cty.DynamicVal,
	})}
}

// roomFor reports whether the plan may have so many steps more. Too many are told once.
func (l *loader) roomFor(steps int, at hcl.Range) bool {
	if l.stepCount+steps <= MaxSteps {
		return true
	}
	if !l.overfull {
		l.error(at, "Too many steps", fmt.Sprintf("The scenarios come to more than %d steps. Split the configuration, or shorten its for_each.", MaxSteps))
	}
	l.overfull = true
	return false
}
