package eval

import (
	"math"
	"math/big"
	"strconv"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
)

// Value is a value of the language in the form that costs least: texts, truth values,
// whole numbers and floats stand in it as they are, everything else as cty has it. It
// is immutable and may be copied. The zero Value is absent: no value at all.
type Value struct {
	form   form
	secret bool
	// rounded tells that cty may hold the number with another precision, which shows in
	// the last digits of what is computed from it.
	rounded bool
	number  float64 // bool: 0 or 1
	text    string
	// other is a boxed value, marks included. Next to another form it is that value as
	// cty had it, for numbers whose precision must not be lost.
	other *cty.Value
}

type form uint8

const (
	absent form = iota
	null        // of whatever type
	truth
	number // exactly a float64, and printed like one
	text
	boxed
)

// Null is null, of whatever type.
func Null() Value { return Value{form: null} }

// Text makes a text.
func Text(s string) Value { return Value{form: text, text: normal(s)} }

// Float makes a number that is printed with the digits of a float64.
func Float(f float64) Value { return Value{form: number, number: f, rounded: true} }

// Bool makes a truth value.
func Bool(b bool) Value {
	v := Value{form: truth}
	if b {
		v.number = 1
	}
	return v
}

// Int makes a whole number.
func Int(n int64) Value {
	if n > maxExact || n < -maxExact {
		return Of(cty.NumberIntVal(n))
	}
	return Value{form: number, number: float64(n)}
}

// normal gives a text in the normal form that every text of the language has.
func normal(s string) string {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		// The compiler makes one load of the eight; tokens are long.
		w := s[i : i+8]
		if all := uint64(w[0]) | uint64(w[1])<<8 | uint64(w[2])<<16 | uint64(w[3])<<24 |
			uint64(w[4])<<32 | uint64(w[5])<<40 | uint64(w[6])<<48 | uint64(w[7])<<56; all&0x8080808080808080 != 0 {
			return cty.NormalizeString(s)
		}
	}
	for ; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return cty.NormalizeString(s)
		}
	}
	return s
}

// maxExact is the largest whole number up to which every one is a float64.
const maxExact = 1 << 53

// Of takes over a value of cty, in the cheap form where there is one.
func Of(v cty.Value) Value {
	if v == cty.NilVal {
		return Value{}
	}
	bare, marks := v.Unmark()
	secret := len(marks) > 0
	if !bare.IsKnown() || len(marks) > 1 {
		return Value{form: boxed, other: &v, secret: secret}
	}
	if bare.IsNull() && bare.Type() == cty.DynamicPseudoType {
		return Value{form: null, secret: secret}
	}
	if !bare.IsNull() {
		switch bare.Type() {
		case cty.String:
			return Value{form: text, text: bare.AsString(), secret: secret}
		case cty.Bool:
			b := Bool(bare.True())
			b.secret = secret
			return b
		case cty.Number:
			if f, ok := exact(bare.AsBigFloat()); ok {
				return Value{form: number, number: f, secret: secret, rounded: !likeInt(bare.AsBigFloat(), f)}
			}
		}
	}
	return Value{form: boxed, other: &v, secret: secret}
}

// keep is Of for values that are kept: they give back what they were made of.
func keep(v cty.Value) Value {
	out := Of(v)
	if out.form == number {
		out.other, out.rounded = &v, false
	}
	return out
}

// likeInt tells a number with the precision of cty.NumberIntVal.
func likeInt(b *big.Float, f float64) bool { return b.Prec() == 64 && whole(f) }

// exact gives a number that is the same as a float64, in value and in print.
func exact(b *big.Float) (float64, bool) {
	f, accuracy := b.Float64()
	if accuracy != big.Exact || math.IsInf(f, 0) {
		return 0, false
	}
	return f, whole(f) || b.Prec() == 53 || b.Text('f', -1) == strconv.FormatFloat(f, 'f', -1, 64)
}

// Cty gives the value as cty has it, marked if it is secret. An absent value is
// cty.NilVal.
func (v Value) Cty() cty.Value {
	var out cty.Value
	switch v.form {
	case absent:
		return cty.NilVal
	case null:
		out = cty.NullVal(cty.DynamicPseudoType)
	case truth:
		out = cty.BoolVal(v.number != 0)
	case number:
		out = v.numberVal()
	case text:
		out = cty.StringVal(v.text)
	default:
		return *v.other
	}
	if v.secret && !out.IsMarked() {
		return out.Mark(Sensitive)
	}
	return out
}

func (v Value) numberVal() cty.Value {
	switch {
	case v.other != nil:
		return *v.other
	case whole(v.number):
		return cty.NumberIntVal(int64(v.number))
	}
	return cty.NumberFloatVal(v.number)
}

// Secret marks the value as sensitive.
func (v Value) Secret() Value {
	if v.form == boxed && !v.secret {
		return Of(v.other.Mark(Sensitive))
	}
	v.secret = v.form != absent
	return v
}

// Bare gives a text or a truth value without its mark, and any other value as it is.
func (v Value) Bare() Value {
	if v.form == text || v.form == truth {
		v.secret = false
	}
	return v
}

// IsSecret reports whether the value itself is marked as sensitive. Parts of it may
// be although it is not.
func (v Value) IsSecret() bool { return v.secret }

// IsAbsent reports whether there is no value.
func (v Value) IsAbsent() bool { return v.form == absent }

// IsNull reports whether the value is absent or null.
func (v Value) IsNull() bool {
	if v.form == boxed {
		bare, _ := v.other.Unmark()
		return bare.IsNull()
	}
	return v.form <= null
}

// AsText gives a text.
func (v Value) AsText() (string, bool) { return v.text, v.form == text }

// AsBool gives a truth value.
func (v Value) AsBool() (b, ok bool) { return v.number != 0, v.form == truth }

// AsNumber gives a number that is exactly a float64.
func (v Value) AsNumber() (float64, bool) { return v.number, v.form == number }
