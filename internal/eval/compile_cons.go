package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

func (c *compiler) tuple(e *hclsyntax.TupleConsExpr) (code, string) {
	parts, why := c.all(e.Exprs)
	if why != "" {
		return code{}, why
	}
	return fold(func(s *Scope) (Value, verdict) {
		vals := make([]cty.Value, len(parts))
		for i := range parts {
			v, how := parts[i].run(s)
			if how != good || v.rounded {
				return Value{}, handed
			}
			vals[i] = v.Cty()
		}
		return take(cty.TupleVal(vals))
	}, parts...), ""
}

func (c *compiler) object(e *hclsyntax.ObjectConsExpr) (code, string) {
	keys, values := make([]code, len(e.Items)), make([]code, len(e.Items))
	for i, item := range e.Items {
		var why string
		if keys[i], why = c.key(item.KeyExpr); why != "" {
			return code{}, why
		}
		if values[i], why = c.compile(item.ValueExpr); why != "" {
			return code{}, why
		}
	}
	return fold(func(s *Scope) (Value, verdict) {
		attrs, secret := make(map[string]cty.Value, len(keys)), false
		for i := range keys {
			k, how := keys[i].run(s)
			v, also := values[i].run(s)
			name, ok := textOf(k)
			if how != good || also != good || !ok || v.rounded {
				return Value{}, handed
			}
			attrs[name] = v.Cty()
			secret = secret || k.secret
		}
		out, how := take(cty.ObjectVal(attrs))
		if secret {
			out = out.Secret()
		}
		return out, how
	}, append(keys, values...)...), ""
}

// key compiles the key of an object: a bare word is a text.
func (c *compiler) key(e hclsyntax.Expression) (code, string) {
	k, ok := e.(*hclsyntax.ObjectConsKeyExpr)
	if !ok {
		return c.compile(e)
	}
	if !k.ForceNonLiteral {
		if t, ok := k.Wrapped.(*hclsyntax.ScopeTraversalExpr); ok && len(t.Traversal) > 1 {
			return code{}, "a key that is ambiguous"
		}
		if word := hcl.ExprAsKeyword(k.Wrapped); word != "" {
			return constant(Text(word)), ""
		}
	}
	return c.compile(k.Wrapped)
}
