package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// refsOf lists the references of an expression. Names that a for expression binds
// are not among them.
func refsOf(node hclsyntax.Expression) []Ref {
	traversals := node.Variables()
	out := make([]Ref, 0, len(traversals))
	for _, t := range traversals {
		r := Ref{Root: t.RootName(), Range: t.SourceRange()}
		if len(t) > 1 {
			if attr, ok := t[1].(hcl.TraverseAttr); ok {
				r.Name, r.Rest = attr.Name, t[2:]
			} else {
				r.Rest = t[1:]
			}
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b Ref) int { return a.Range.Start.Byte - b.Range.Start.Byte })
	return out
}

func summarise(refs []Ref) (roots, locals, steps []string) {
	add := func(to []string, name string) []string {
		if slices.Contains(to, name) {
			return to
		}
		return append(to, name)
	}
	for _, r := range refs {
		roots = add(roots, r.Root)
		switch r.Root {
		case "local":
			locals = add(locals, r.Name)
		case "step":
			steps = add(steps, r.Name)
		}
	}
	return roots, locals, steps
}

// calls reports whether one of the functions is called somewhere in node.
func calls(node hclsyntax.Expression, names ...string) bool {
	found := false
	_ = hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl.Diagnostics {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok && slices.Contains(names, call.Name) {
			found = true
		}
		return nil
	})
	return found
}

// RefersTo reports whether the expression mentions the root.
func (e *Expr) RefersTo(root string) bool { return slices.Contains(e.roots, root) }
