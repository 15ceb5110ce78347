package eval

import (
	"strconv"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// template compiles a text with interpolations.
func (c *compiler) template(e *hclsyntax.TemplateExpr) (code, string) {
	parts, why := c.all(e.Parts)
	if why != "" {
		return code{}, why
	}
	return fold(func(s *Scope) (Value, verdict) {
		var room [128]byte
		buf, secret, worst := room[:0], false, good
		for i := range parts {
			v, how := parts[i].run(s)
			secret, worst = secret || v.secret, max(worst, how)
			ok := how == failed
			if how == good {
				buf, ok = appendText(buf, v)
			}
			if !ok || len(buf) > MaxText {
				return Value{}, handed
			}
		}
		if worst == failed {
			return Value{form: text, secret: secret}, failed
		}
		return Value{form: text, text: normal(string(buf)), secret: secret}, good
	}, parts...), ""
}

// appendText appends a value as a template shows it. ok is false for what is not a
// text, a number or a truth value.
func appendText(dst []byte, v Value) (out []byte, ok bool) {
	switch v.form {
	case text:
		return append(dst, v.text...), true
	case number:
		return strconv.AppendFloat(dst, v.number, 'f', -1, 64), true
	case truth:
		return strconv.AppendBool(dst, v.number != 0), true
	case boxed:
		bare, _ := v.other.Unmark()
		if bare.IsNull() || !bare.IsKnown() || bare.Type() != cty.Number {
			return dst, false
		}
		t, err := convert.Convert(bare, cty.String)
		if err != nil {
			return dst, false
		}
		return append(dst, t.AsString()...), true
	}
	return dst, false
}

// textOf converts a value to a text where that is always possible.
func textOf(v Value) (string, bool) {
	switch v.form {
	case text:
		return v.text, true
	case number:
		return strconv.FormatFloat(v.number, 'f', -1, 64), true
	case truth:
		return strconv.FormatBool(v.number != 0), true
	}
	return "", false
}
