package eval

import (
	"math"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

func (c *compiler) binary(e *hclsyntax.BinaryOpExpr) (code, string) {
	parts, why := c.all([]hclsyntax.Expression{e.LHS, e.RHS})
	if why != "" {
		return code{}, why
	}
	left, right := parts[0].run, parts[1].run
	apply := func(l, r Value) (Value, verdict) { return byCty(e.Op, l, r) }
	switch e.Op {
	case hclsyntax.OpLogicalAnd:
		return fold(logical(left, right, false), parts...), ""
	case hclsyntax.OpLogicalOr:
		return fold(logical(left, right, true), parts...), ""
	case hclsyntax.OpEqual:
		apply = func(l, r Value) (Value, verdict) { return equality(e.Op, l, r, true) }
	case hclsyntax.OpNotEqual:
		apply = func(l, r Value) (Value, verdict) { return equality(e.Op, l, r, false) }
	case hclsyntax.OpLessThan:
		apply = order(e.Op, func(a, b float64) bool { return a < b })
	case hclsyntax.OpLessThanOrEqual:
		apply = order(e.Op, func(a, b float64) bool { return a <= b })
	case hclsyntax.OpGreaterThan:
		apply = order(e.Op, func(a, b float64) bool { return a > b })
	case hclsyntax.OpGreaterThanOrEqual:
		apply = order(e.Op, func(a, b float64) bool { return a >= b })
	case hclsyntax.OpAdd:
		apply = arithmetic(e.Op, func(a, b float64) (float64, bool) { return a + b, true })
	case hclsyntax.OpSubtract:
		apply = arithmetic(e.Op, func(a, b float64) (float64, bool) { return a - b, true })
	case hclsyntax.OpMultiply:
		apply = arithmetic(e.Op, func(a, b float64) (float64, bool) { return a * b, true })
	case hclsyntax.OpModulo:
		apply = arithmetic(e.Op, func(a, b float64) (float64, bool) { return math.Mod(a, b) + 0, b != 0 })
	case hclsyntax.OpDivide:
		apply = arithmetic(e.Op, func(a, b float64) (float64, bool) { return a / b, b != 0 && math.Mod(a, b) == 0 })
	}
	comparing := comparisons[e.Op]
	equal := e.Op == hclsyntax.OpEqual || e.Op == hclsyntax.OpNotEqual
	want := e.Op == hclsyntax.OpEqual
	fixed, kept := parts[1].fixed, parts[1].value
	return fold(func(s *Scope) (Value, verdict) {
		l, how := left(s)
		r, also := kept, good
		if !fixed {
			r, also = right(s)
		}
		switch {
		case equal && how == good && also == good && l.form == r.form && l.form <= text:
			// Most conditions of a scenario are of this kind.
			same := l.text == r.text && l.number == r.number
			return condition(same == want, l.secret || r.secret), good
		case how == good && also == good:
			return apply(l, r)
		case how == handed || also == handed || !comparing:
			return Value{}, handed
		case equal, comparableWith(l, how) && comparableWith(r, also):
			return Value{form: truth, secret: l.secret || r.secret}, failed
		}
		return Value{}, handed
	}, parts...), ""
}

// condition gives what an operator comes to.
func condition(holds, secret bool) Value {
	v := Value{form: truth, secret: secret}
	if holds {
		v.number = 1
	}
	return v
}

// comparableWith tells an operand of < and its like that is converted without an error.
func comparableWith(v Value, how verdict) bool {
	return how == good && v.form == number || how == failed && v.form != truth
}

// byCty carries an operator out as hcl does when both sides are there.
func byCty(op *hclsyntax.Operation, l, r Value) (Value, verdict) {
	params := op.Impl.Params()
	left, err := convert.Convert(l.Cty(), params[0].Type)
	if err != nil {
		return Value{}, handed
	}
	right, err := convert.Convert(r.Cty(), params[1].Type)
	if err != nil {
		return Value{}, handed
	}
	left, leftMarks := left.Unmark()
	right, rightMarks := right.Unmark()
	out, err := op.Impl.Call([]cty.Value{left, right})
	if err != nil {
		return Value{}, handed
	}
	return take(out.WithMarks(leftMarks, rightMarks))
}

func equality(op *hclsyntax.Operation, l, r Value, want bool) (Value, verdict) {
	same := false
	switch left, right := l.form, r.form; {
	case left == boxed && !l.IsNull() || right == boxed && !r.IsNull():
		return byCty(op, l, r)
	case l.IsNull() || r.IsNull():
		same = l.IsNull() && r.IsNull()
	case left == text && right == text:
		same = l.text == r.text
	case left == right:
		same = l.number == r.number
	}
	return condition(same == want, l.secret || r.secret), good
}

func order(op *hclsyntax.Operation, holds func(a, b float64) bool) func(l, r Value) (Value, verdict) {
	return func(l, r Value) (Value, verdict) {
		if l.form != number || r.form != number {
			return byCty(op, l, r)
		}
		return condition(holds(l.number, r.number), l.secret || r.secret), good
	}
}

// arithmetic works on whole numbers whose result is exact.
func arithmetic(op *hclsyntax.Operation, do func(a, b float64) (float64, bool)) func(l, r Value) (Value, verdict) {
	return func(l, r Value) (Value, verdict) {
		if l.form == number && r.form == number && whole(l.number) && whole(r.number) {
			if n, ok := do(l.number, r.number); ok && whole(n) {
				return Value{form: number, number: n, secret: l.secret || r.secret, rounded: true}, good
			}
		}
		if l.rounded || r.rounded {
			return Value{}, handed
		}
		return byCty(op, l, r)
	}
}

// whole tells numbers with which and among which float64 computes exactly. Zero with a
// sign is not one: only cty knows what becomes of it.
func whole(f float64) bool {
	return f == math.Trunc(f) && math.Abs(f) <= maxExact && (f != 0 || !math.Signbit(f))
}

// logical compiles && and ||. Both sides are evaluated; one that decides the result
// takes the error of the other away, as hcl does it.
func logical(left, right node, decides bool) node {
	return func(s *Scope) (Value, verdict) {
		l, how := left(s)
		r, also := right(s)
		if !judgeable(l, how) || !judgeable(r, also) {
			return Value{}, handed
		}
		secret := l.secret || r.secret
		if how == good && (l.number != 0) == decides || also == good && (r.number != 0) == decides {
			return condition(decides, secret), good
		}
		return condition(!decides, secret), max(how, also)
	}
}

// judgeable tells an operand of && and || that is taken as it is.
func judgeable(v Value, how verdict) bool {
	return how == good && v.form == truth || how == failed
}

func (c *compiler) unary(e *hclsyntax.UnaryOpExpr) (code, string) {
	part, why := c.compile(e.Val)
	if why != "" {
		return code{}, why
	}
	run := part.run
	if e.Op == hclsyntax.OpLogicalNot {
		return fold(func(s *Scope) (Value, verdict) {
			v, how := run(s)
			switch {
			case how == failed:
				return Value{form: truth}, failed
			case how == good && v.form == truth:
				v.number = 1 - v.number
				return v, good
			}
			return Value{}, handed
		}, part), ""
	}
	return fold(func(s *Scope) (Value, verdict) {
		v, how := run(s)
		if how != good || v.form != number || v.number == 0 {
			return Value{}, handed
		}
		return Value{form: number, number: -v.number, secret: v.secret, rounded: true}, good
	}, part), ""
}

// conditional compiles C ? A : B. hcl evaluates both results, then the condition, and
// wants one type for the two.
func (c *compiler) conditional(e *hclsyntax.ConditionalExpr) (code, string) {
	parts, why := c.all([]hclsyntax.Expression{e.TrueResult, e.FalseResult, e.Condition})
	if why != "" {
		return code{}, why
	}
	yes, no, cond := parts[0].run, parts[1].run, parts[2].run
	return fold(func(s *Scope) (Value, verdict) {
		t, howT := yes(s)
		f, howF := no(s)
		if howT == handed || howF == handed {
			return Value{}, handed
		}
		b, how := cond(s)
		if how != good || b.form != truth {
			return Value{}, handed
		}
		chosen, other, verdict, otherVerdict := t, f, howT, howF
		if b.number == 0 {
			chosen, other, verdict, otherVerdict = f, t, howF, howT
		}
		if verdict != good || !united(chosen, other, otherVerdict) {
			return Value{}, handed
		}
		if chosen.form == null && !chosen.secret && otherVerdict == good {
			chosen = nullOf(other.kind())
		}
		if t.secret || f.secret || b.secret {
			chosen = chosen.Secret()
		}
		return chosen, good
	}, parts...), ""
}

// united tells that hcl leaves the chosen result as it is, or gives a null the type of
// the other one.
func united(chosen, other Value, how verdict) bool {
	if how == failed {
		return other.form == absent || chosen.form == other.form
	}
	if other.form == null {
		return true
	}
	want := other.kind()
	return want.IsPrimitiveType() && (chosen.form == null || chosen.kind().Equals(want))
}

// kind gives the type of a value.
func (v Value) kind() cty.Type {
	switch v.form {
	case truth:
		return cty.Bool
	case number:
		return cty.Number
	case text:
		return cty.String
	case boxed:
		return v.other.Type()
	}
	return cty.DynamicPseudoType
}

// unknown tells a value that only stands for one.
func (v Value) unknown() bool { return v.form == boxed && !v.other.IsKnown() }
