package eval

import (
	"fmt"

	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// call compiles a function call: functions that scenarios use in every iteration in
// the cheap form, all others through cty.
func (c *compiler) call(e *hclsyntax.FunctionCallExpr) (code, string) {
	if e.ExpandFinal {
		return code{}, "an expanded argument"
	}
	if draw := drawing(e.Name, len(e.Args)); draw != nil {
		parts, why := c.all(e.Args)
		if why != "" {
			return code{}, why
		}
		return code{run: called(parts, draw, nil)}, ""
	}
	f, ok := c.global.Functions[e.Name]
	if !ok || len(e.Args) < len(f.Params()) || f.VarParam() == nil && len(e.Args) > len(f.Params()) {
		return code{}, "a call of " + e.Name + " that is at fault"
	}
	if e.Name == "try" || e.Name == "can" {
		return c.attempt(e)
	}
	for i := range e.Args {
		if customdecode.CustomExpressionDecoderForType(param(f, i).Type) != nil {
			return code{}, fmt.Sprintf("the function %s, which takes an expression", e.Name)
		}
	}
	parts, why := c.all(e.Args)
	if why != "" {
		return code{}, why
	}
	return fold(called(parts, c.fast(e.Name, parts), throughCty(f, len(parts))), parts...), ""
}

func param(f function.Function, i int) *function.Parameter {
	if params := f.Params(); i < len(params) {
		return &params[i]
	}
	return f.VarParam()
}

// quick is a function in the cheap form. ok is false for arguments that are not its.
type quick func(s *Scope, args []Value) (v Value, ok bool)

// called evaluates the arguments and calls a function in the cheap form, or else
// through cty. Either may be nil. Arguments wait on the stack of the scope.
func called(parts []code, fast, slow quick) node {
	return func(s *Scope) (Value, verdict) {
		if s == nil {
			s = &Scope{} // a call that is folded
		}
		base, secret, worst := len(s.stack), false, good
		for i := range parts {
			v, how := parts[i].run(s)
			s.stack = append(s.stack, v)
			secret, worst = secret || v.secret, max(worst, how)
		}
		args := s.stack[base:]
		s.stack = s.stack[:base]
		if worst != good {
			return Value{}, worst // hcl does not call it, and gives a value of no type
		}
		if fast != nil {
			if out, ok := fast(s, args); ok {
				if secret {
					out = out.Secret()
				}
				return out, good
			}
		}
		if slow != nil {
			if out, ok := slow(s, args); ok {
				return out, good
			}
		}
		return Value{}, handed
	}
}

// throughCty calls a function as hcl does when all arguments are there. What is secret
// about the result is decided by cty.
func throughCty(f function.Function, n int) quick {
	types := make([]cty.Type, n)
	for i := range types {
		types[i] = param(f, i).Type
	}
	return func(_ *Scope, given []Value) (Value, bool) {
		args := make([]cty.Value, n)
		for i := range given {
			if given[i].rounded {
				return Value{}, false
			}
			var err error
			if args[i], err = convert.Convert(given[i].Cty(), types[i]); err != nil {
				return Value{}, false
			}
		}
		out, err := f.Call(args)
		if err != nil {
			return Value{}, false
		}
		v, how := take(out)
		return v, how == good
	}
}
