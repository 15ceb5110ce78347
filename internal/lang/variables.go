package lang

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/eval"
)

type variableDecl struct {
	name       string
	header     hcl.Range
	typ        cty.Type
	defaults   *typeexpr.Defaults
	fallback   cty.Value // NilVal when the variable must be given
	sensitive  bool
	nullable   bool
	validation []conditionDecl
}

func (v *variableDecl) unknown() cty.Value {
	return cty.UnknownVal(v.typ.WithoutOptionalAttributesDeep())
}

// conditionDecl is a condition with its message, of a validation or an assert.
type conditionDecl struct {
	condition, message *eval.Expr
	rng                hcl.Range
}

var (
	variableForm = form{
		what: `a "variable" block`, attrs: []string{"type", "default", "description", "sensitive", "nullable"},
		blocks: []blockForm{{kind: "validation"}}, later: []string{"ephemeral"},
	}
	conditionForm = form{attrs: []string{"condition", "error_message"}, required: []string{"condition", "error_message"}}
)

func (l *loader) decodeVariable(b *hclsyntax.Block) *variableDecl {
	c := l.content(b.Body, b.DefRange(), variableForm)
	v := &variableDecl{name: b.Labels[0], header: b.DefRange(), typ: cty.DynamicPseudoType, fallback: cty.NilVal, nullable: true}
	if a := b.Body.Attributes["type"]; a != nil {
		typ, defaults, hd := typeexpr.TypeConstraintWithDefaults(a.Expr)
		l.diags = append(l.diags, eval.FromHCL(l.files, hd)...)
		if !hd.HasErrors() {
			v.typ, v.defaults = typ, defaults
		}
	}
	v.sensitive = l.literalBool(c, "sensitive", false)
	v.nullable = l.literalBool(c, "nullable", true)
	if e := c.expr("description"); e != nil {
		l.literal(e, "the description of a variable")
	}
	if a := b.Body.Attributes["default"]; a != nil {
		if val, ok := l.variableLiteral(v, c.expr("default"), "the default of a variable"); ok {
			v.fallback = l.convertVariable(v, val, a.Expr.Range(), "This default")
		} else {
			v.fallback = v.unknown() // a mistake in the default is no missing value
		}
	}
	for _, vb := range c.of("validation") {
		v.validation = append(v.validation, l.decodeCondition(vb, `a "validation" block`)...)
	}
	return v
}

// variableLiteral evaluates what a file gives a variable. What is wrong with the value
// of a sensitive one is not told: messages quote values.
func (l *loader) variableLiteral(v *variableDecl, e *eval.Expr, what string) (cty.Value, bool) {
	before := len(l.diags)
	val, ok := l.literal(e, what)
	for i := before; v.sensitive && i < len(l.diags); i++ {
		d := &l.diags[i]
		d.Snippet, d.Values, d.Sections = nil, nil, nil
		d.Detail = fmt.Sprintf("The value of variable %q in %s can not be evaluated. Why is not shown, because the variable is sensitive.", v.name, what)
	}
	return val, ok
}

func (l *loader) decodeCondition(b *hclsyntax.Block, what string) []conditionDecl {
	f := conditionForm
	f.what = what
	c := l.content(b.Body, b.DefRange(), f)
	if c.expr("condition") == nil || c.expr("error_message") == nil {
		return nil
	}
	return []conditionDecl{{c.expr("condition"), c.expr("error_message"), b.DefRange()}}
}

// convertVariable gives a value the variable's type. A value that does not fit is
// reported without being shown, because it may be secret.
func (l *loader) convertVariable(v *variableDecl, val cty.Value, at hcl.Range, what string) cty.Value {
	if v.sensitive {
		l.keep(val)
	}
	if v.defaults != nil && !val.IsNull() {
		val = v.defaults.Apply(val)
	}
	out, err := convert.Convert(val, v.typ)
	if err != nil {
		l.error(at, "Invalid value for variable", fmt.Sprintf("%s of variable %q is not suitable: %s.", what, v.name, err))
		return v.unknown()
	}
	if out.IsNull() && !v.nullable {
		if v.fallback != cty.NilVal {
			return v.fallback
		}
		l.error(at, "Invalid value for variable", fmt.Sprintf("%s of variable %q is null, and the variable is not nullable.", what, v.name))
		return v.unknown()
	}
	return out
}

// resolveVariables finds the value of every variable and checks it.
func (l *loader) resolveVariables() {
	given := l.gatherInputs()
	l.variables = map[string]cty.Value{}
	for _, v := range l.decls.variables {
		val := v.fallback
		if in, ok := given[v.name]; ok {
			val = l.inputValue(v, in)
		} else if val == cty.NilVal {
			l.error(v.header, "Missing variable", fmt.Sprintf(
				"The variable %q has no default and was not given. Give it with --var %s=..., in a values file, or in AUTHBENCH_VAR_%s.", v.name, v.name, v.name))
			val = v.unknown()
		}
		if v.sensitive {
			l.keep(val)
			val = val.Mark(eval.Sensitive)
		} else if eval.IsSensitive(val) {
			_, texts := eval.Reveal(val)
			l.keepTexts(texts)
		}
		l.variables[v.name] = val
	}
	l.globals.Vars = cty.ObjectVal(l.variables)
	for _, v := range l.decls.variables {
		for _, c := range v.validation {
			l.validateVariable(v, c)
		}
	}
}

func (l *loader) validateVariable(v *variableDecl, c conditionDecl) {
	env := &refEnv{roots: []string{"var", "path"}, where: "in the validation of a variable"}
	okCondition := l.checkRefs(c.condition, env)
	if !l.checkRefs(c.message, env) || !okCondition {
		return
	}
	scope := l.globals.NewCheckScope(nil, cty.NilVal)
	ok, diags := c.condition.Value(scope)
	l.diags = append(l.diags, diags...)
	if diags.HasErrors() {
		return
	}
	l.comparedTypes(c.condition, scope)
	verdict, known := l.condition(c.condition, ok)
	message, okMessage := l.errorMessage(c.message, scope)
	if known && !verdict && okMessage {
		d := l.site(c.condition.Site().Range).Error("Invalid value for variable",
			fmt.Sprintf("The value of variable %q is refused: %s", v.name, message))
		d[0].Sections = c.condition.Explain(scope)
		l.diags = append(l.diags, d...)
	}
}

// condition takes the truth value of a condition; known is false when it is not
// known yet or when it is no truth value, which is reported.
func (l *loader) condition(e *eval.Expr, v cty.Value) (verdict, known bool) {
	v, _ = v.Unmark()
	b, err := convert.Convert(v, cty.Bool)
	if err != nil || b.IsNull() {
		l.error(e.Site().Range, "Invalid condition", "A condition must be true or false.")
		return false, false
	}
	if !b.IsKnown() {
		return false, false
	}
	return b.True(), true
}

// errorMessage evaluates a message. One that would show a secret is a mistake.
func (l *loader) errorMessage(e *eval.Expr, scope *eval.Scope) (string, bool) {
	v, diags := e.Value(scope)
	l.diags = append(l.diags, diags...)
	if diags.HasErrors() {
		return "", false
	}
	if eval.IsSensitive(v) {
		l.error(e.Site().Range, "Sensitive value in error message",
			"The message refers to a sensitive value, which must not be shown. Leave it out, or wrap it in nonsensitive() if it is safe to show.")
		return "", false
	}
	v, err := convert.Convert(v, cty.String)
	if err != nil || v.IsNull() {
		l.error(e.Site().Range, "Invalid error message", "An error_message must be a text.")
		return "", false
	}
	if !v.IsKnown() {
		return "", true
	}
	return v.AsString(), true
}
