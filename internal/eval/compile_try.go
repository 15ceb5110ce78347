package eval

import "github.com/hashicorp/hcl/v2/hclsyntax"

// attempt compiles try and can. hcl evaluates the arguments of try twice, which shows
// when they draw random numbers.
func (c *compiler) attempt(e *hclsyntax.FunctionCallExpr) (code, string) {
	if len(e.Args) == 0 || e.Name == "can" && len(e.Args) != 1 {
		return code{}, "a call of " + e.Name + " that is at fault"
	}
	if calls(e, ImpureNames()...) {
		return code{}, "the function " + e.Name + " around a random value"
	}
	parts, why := c.all(e.Args)
	if why != "" {
		return code{}, why
	}
	if e.Name == "can" {
		return fold(func(s *Scope) (Value, verdict) {
			_, how := parts[0].run(s)
			if how == handed {
				return Value{}, handed
			}
			return Bool(how == good), good
		}, parts...), ""
	}
	return fold(func(s *Scope) (Value, verdict) {
		for i := range parts {
			if v, how := parts[i].run(s); how != failed {
				return v, how
			}
		}
		return Value{}, failed
	}, parts...), ""
}
