package lang

import (
	"fmt"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

var authbenchForm = form{
	what: `an "authbench" block`, attrs: []string{"required_version"},
	later: []string{"location", "replica", "anchors", "deadman_url"},
}

// requiredVersion looks at the authbench blocks before anything else, because a file
// for another version may hold words that this one does not know.
func (l *loader) requiredVersion(bodies []*hclsyntax.Body) bool {
	var first *hclsyntax.Block
	ok := true
	for _, body := range bodies {
		for _, b := range body.Blocks {
			if b.Type != "authbench" {
				continue
			}
			if first != nil {
				l.error(b.DefRange(), "Duplicate block", fmt.Sprintf(`There may be one "authbench" block in a configuration; the other is at %s.`,
					l.site(first.DefRange()).Position()))
				continue
			}
			first = b
			c := l.content(b.Body, b.DefRange(), authbenchForm)
			if a := b.Body.Attributes["required_version"]; a != nil {
				ok = c.loader.satisfied(a) && ok
			}
		}
	}
	return ok
}

// satisfied reports whether this version may read the file. Mistakes in the
// constraint are reported and do not hide the rest of the file.
func (l *loader) satisfied(a *hclsyntax.Attribute) bool {
	text, ok := literalString(a.Expr)
	if !ok {
		l.error(a.Expr.Range(), "Invalid version constraint", `required_version must be a plain text such as ">= 0.3, < 2".`)
		return true
	}
	constraint, err := version.NewConstraint(text)
	if err != nil {
		l.error(a.Expr.Range(), "Invalid version constraint", `required_version must be a list of constraints such as ">= 0.3, < 2".`)
		return true
	}
	have, err := version.NewVersion(l.opts.Version)
	if err != nil || constraint.Check(have.Core()) {
		return true
	}
	l.error(a.Expr.Range(), "Unsupported version", fmt.Sprintf(
		"This configuration needs a version of authbench that satisfies %q; this one is %s. Install a matching version, or change the constraint.", text, l.opts.Version))
	return false
}

// literalString gives the text of a quoted template without interpolation.
func literalString(e hclsyntax.Expression) (string, bool) {
	v, diags := e.Value(&hcl.EvalContext{})
	if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return "", false
	}
	return v.AsString(), true
}
