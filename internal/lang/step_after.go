package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/steps"
)

const afterUsage = "Name the step that makes the target send: after = step.NAME.started_at"

// afterRef resolves the step that a wait for a message belongs to. The reference ties
// the two together; the time itself decides nothing.
func (c *checker) afterRef(d *stepDecl, spec *steps.Arg, env *refEnv) *plan.StepRef {
	a := d.body.Attributes[spec.Name]
	if a == nil {
		return nil
	}
	e := c.expr(a.Expr)
	if !c.checkRefs(e, env) {
		return nil
	}
	ref, ok := c.afterTarget(a.Expr, env)
	if !ok {
		c.error(a.Expr.Range(), "Invalid reference in after", afterUsage)
		return nil
	}
	return &ref
}

func (c *checker) afterTarget(node hclsyntax.Expression, env *refEnv) (plan.StepRef, bool) {
	if rel, ok := node.(*hclsyntax.RelativeTraversalExpr); ok {
		index, ok := rel.Source.(*hclsyntax.IndexExpr)
		if !ok || !isStartedAt(rel.Traversal) {
			return plan.StepRef{}, false
		}
		t, hd := hcl.AbsTraversalForExpr(index.Collection)
		if hd.HasErrors() || len(t) != 2 || t.RootName() != "step" {
			return plan.StepRef{}, false
		}
		key, ok := c.typed(c.expr(index.Key), env, cty.String, "A key")
		key, _ = key.Unmark()
		if !ok || !key.IsKnown() || key.IsNull() {
			return plan.StepRef{}, false
		}
		name, ok := t[1].(hcl.TraverseAttr)
		if instances := c.scope.types[name.Name]; ok && instances.IsObjectType() && !instances.HasAttribute(key.AsString()) {
			return plan.StepRef{}, false
		}
		return plan.StepRef{Name: name.Name, Key: key.AsString()}, ok
	}
	refs := eval.New(node, c.site(node.Range())).Refs()
	t, hd := hcl.AbsTraversalForExpr(node)
	if hd.HasErrors() || len(refs) != 1 || refs[0].Root != "step" || refs[0].Name == "" || !isStartedAt(t[len(t)-1:]) {
		return plan.StepRef{}, false
	}
	return plan.StepRef{Name: refs[0].Name, Key: indexKey(refs[0])}, true
}

func isStartedAt(t hcl.Traversal) bool {
	if len(t) != 1 {
		return false
	}
	attr, ok := t[0].(hcl.TraverseAttr)
	return ok && attr.Name == "started_at"
}
