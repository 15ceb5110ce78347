package lang

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/eval"
)

// literal evaluates an expression that may refer to nothing.
func (l *loader) literal(e *eval.Expr, what string) (cty.Value, bool) {
	if !l.checkRefs(e, &refEnv{where: "in " + what}) {
		return cty.NilVal, false
	}
	g := &eval.Globals{Functions: l.functions}
	v, diags := e.Value(g.NewCheckScope(nil, cty.NilVal))
	l.diags = append(l.diags, diags...)
	return v, !diags.HasErrors()
}

func (l *loader) literalBool(c *content, name string, fallback bool) bool {
	e := c.expr(name)
	if e == nil {
		return fallback
	}
	v, ok := l.literal(e, "the argument "+name)
	if !ok {
		return fallback
	}
	b, err := convert.Convert(v, cty.Bool)
	if err != nil || b.IsNull() || !b.IsKnown() {
		l.error(e.Site().Range, "Incorrect value type", name+" must be true or false.")
		return fallback
	}
	return b.True()
}

// runEnv is what may be referred to where a value is made once for the whole run.
func (l *loader) runEnv(where string) *refEnv {
	return &refEnv{roots: []string{"var", "local", "path"}, where: where}
}

// static evaluates an argument whose value must be known before the run. each is
// NilVal where there is none. ok is false when it is absent or wrong.
func (l *loader) static(c *content, name string, want cty.Type, each cty.Value) (cty.Value, bool) {
	v, ok := l.staticSecret(c, name, want, each)
	if ok && eval.IsSensitive(v) {
		l.error(c.expr(name).Site().Range, "Sensitive value not allowed here", fmt.Sprintf(
			"%s stands in plans and reports, so it must not be sensitive. Use nonsensitive() if it may be shown.", name))
		return cty.NilVal, false
	}
	return v, ok
}

// staticSecret is static for an argument that may be secret.
func (l *loader) staticSecret(c *content, name string, want cty.Type, each cty.Value) (cty.Value, bool) {
	e := c.expr(name)
	if e == nil {
		return cty.NilVal, false
	}
	env := l.runEnv("in the argument " + name)
	if each != cty.NilVal {
		env.roots = append(env.roots, "each")
		env.each = each
	}
	return l.staticExpr(e, env, want, each)
}

func (l *loader) staticExpr(e *eval.Expr, env *refEnv, want cty.Type, each cty.Value) (cty.Value, bool) {
	if !l.checkRefs(e, env) {
		return cty.NilVal, false
	}
	v, diags := e.Value(l.globals.NewCheckScope(nil, each))
	l.diags = append(l.diags, diags...)
	if diags.HasErrors() {
		return cty.NilVal, false
	}
	out, err := convert.Convert(v, want)
	if err != nil {
		l.error(e.Site().Range, "Incorrect value type", fmt.Sprintf("There must be %s %s: %s.", article(want), env.where, err))
		return cty.NilVal, false
	}
	if out.IsNull() {
		return cty.NilVal, false
	}
	if plain, _ := out.UnmarkDeep(); !plain.IsWhollyKnown() {
		return cty.NilVal, false // a mistake that is reported where it was made
	}
	return out, true
}

func article(t cty.Type) string {
	if t == cty.DynamicPseudoType {
		return "a value"
	}
	return "a " + t.FriendlyName()
}

func (l *loader) staticString(c *content, name string) string {
	return l.staticStringEach(c, name, cty.NilVal)
}

func (l *loader) staticStringEach(c *content, name string, each cty.Value) string {
	v, ok := l.static(c, name, cty.String, each)
	if !ok {
		return ""
	}
	return v.AsString()
}

func (l *loader) staticBool(c *content, name string, fallback bool) bool {
	v, ok := l.static(c, name, cty.Bool, cty.NilVal)
	if !ok {
		return fallback
	}
	return v.True()
}

// staticDuration takes a Go duration above zero.
func (l *loader) staticDuration(c *content, name string, fallback time.Duration, each cty.Value) time.Duration {
	v, ok := l.static(c, name, cty.String, each)
	if !ok {
		return fallback
	}
	d, err := time.ParseDuration(v.AsString())
	if err != nil || d <= 0 {
		l.error(c.expr(name).Site().Range, "Invalid duration", badDuration(eval.Show(v)))
		return fallback
	}
	return d
}

// badDuration takes the value as it may be shown.
func badDuration(shown string) string {
	return fmt.Sprintf(`%s is not a duration above zero. Write a number with a unit, such as "250ms", "30s" or "1m30s".`, shown)
}

// staticInt takes a whole number within bounds.
func (l *loader) staticInt(c *content, name string, fallback, lowest, highest int64) int64 {
	v, ok := l.static(c, name, cty.Number, cty.NilVal)
	if !ok {
		return fallback
	}
	i, exact := v.AsBigFloat().Int64()
	if exact != big.Exact || i < lowest || i > highest {
		l.error(c.expr(name).Site().Range, "Invalid value", fmt.Sprintf("%s must be a whole number from %d to %d.", name, lowest, highest))
		return fallback
	}
	return i
}

// staticStrings takes a list of texts.
func (l *loader) staticStrings(c *content, name string, each cty.Value) []string {
	v, ok := l.static(c, name, cty.List(cty.String), each)
	if !ok {
		return nil
	}
	var out []string
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if e.IsNull() {
			l.error(c.expr(name).Site().Range, "Invalid value", name+" must not hold null.")
			continue
		}
		out = append(out, e.AsString())
	}
	return out
}

// staticWord takes one of a closed set of words.
func (l *loader) staticWord(c *content, name, fallback string, words ...string) string {
	text := l.staticString(c, name)
	if text == "" {
		return fallback
	}
	if slices.Contains(words, text) {
		return text
	}
	l.error(c.expr(name).Site().Range, "Invalid value", fmt.Sprintf("%s must be one of %s.%s", name, list(words), suggest(text, words)))
	return fallback
}
