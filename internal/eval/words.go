package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Words are the names that the reference gives after its root, by attribute or by a
// literal index, up to the first index that is something else.
func (r Ref) Words() []string {
	var out []string
	if r.Name != "" {
		out = append(out, r.Name)
	}
	for _, step := range r.Rest {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			out = append(out, step.Name)
		case hcl.TraverseIndex:
			if step.Key.Type() != cty.String {
				return out
			}
			out = append(out, step.Key.AsString())
		default:
			return out
		}
	}
	return out
}
