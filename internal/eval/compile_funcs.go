package eval

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// fast gives a function in the cheap form, nil where there is none for these
// arguments. Each does just what the function of the same name does for texts,
// numbers and truth values that are not null, and leaves all else to it. The caller
// makes the result as secret as the arguments.
func (c *compiler) fast(name string, parts []code) quick {
	switch name {
	case "upper":
		return textual(func(a, _, _ string) (string, bool) { return strings.ToUpper(a), true })
	case "lower":
		return textual(func(a, _, _ string) (string, bool) { return strings.ToLower(a), true })
	case "trimspace":
		return textual(func(a, _, _ string) (string, bool) { return strings.TrimSpace(a), true })
	case "trim":
		return textual(func(a, b, _ string) (string, bool) { return strings.Trim(a, b), true })
	case "trimprefix":
		return textual(func(a, b, _ string) (string, bool) { return strings.TrimPrefix(a, b), true })
	case "trimsuffix":
		return textual(func(a, b, _ string) (string, bool) { return strings.TrimSuffix(a, b), true })
	case "replace":
		return textual(replaced)
	case "startswith":
		return predicate(strings.HasPrefix)
	case "endswith":
		return predicate(strings.HasSuffix)
	case "strcontains":
		return predicate(strings.Contains)
	case "tostring":
		return textual(func(a, _, _ string) (string, bool) { return a, true })
	case "length":
		return length
	case "substr":
		return substr
	case "coalesce":
		return coalesced
	case "fake_email":
		return fakeEmail
	case "fake_phone":
		return fakePhone
	case "format":
		return formatted(parts)
	}
	return nil
}

// textual is a function from texts to a text. Numbers and truth values become texts.
func textual(f func(a, b, c string) (string, bool)) quick {
	return func(_ *Scope, args []Value) (Value, bool) {
		var texts [3]string
		for i := range args {
			var ok bool
			if texts[i], ok = textOf(args[i]); !ok {
				return Value{}, false
			}
		}
		out, ok := f(texts[0], texts[1], texts[2])
		return Text(out), ok && len(out) <= MaxText
	}
}

func replaced(text, search, with string) (string, bool) {
	pattern := len(search) >= 2 && search[0] == '/' && search[len(search)-1] == '/'
	if pattern || tooLongReplaced(text, search, with) {
		return "", false
	}
	return strings.ReplaceAll(text, search, with), true
}

func predicate(f func(s, t string) bool) quick {
	return func(_ *Scope, args []Value) (Value, bool) {
		s, ok := textOf(args[0])
		t, also := textOf(args[1])
		return Bool(f(s, t)), ok && also
	}
}

// plain reports whether every byte of a text is a character of its own.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] == '\r' {
			return false
		}
	}
	return true
}

func length(_ *Scope, args []Value) (Value, bool) {
	return Int(int64(len(args[0].text))), args[0].form == text && plain(args[0].text)
}

func substr(_ *Scope, args []Value) (Value, bool) {
	text, ok := textOf(args[0])
	from, to := args[1], args[2]
	if !ok || !plain(text) || from.form != number || to.form != number || !whole(from.number) || !whole(to.number) {
		return Value{}, false
	}
	if from.number < 0 || to.number < 0 {
		return Value{}, false
	}
	start := min(int(from.number), len(text))
	return Value{form: textForm, text: text[start:min(start+int(to.number), len(text))]}, true
}

// textForm is text, where that word is taken.
const textForm = text

// coalesced takes texts alone: of other values the types decide.
func coalesced(_ *Scope, args []Value) (Value, bool) {
	for i := range args {
		if args[i].form != text {
			return Value{}, false
		}
	}
	for i := range args {
		if args[i].text != "" {
			return args[i], true
		}
	}
	return Value{}, false
}

func fakeEmail(_ *Scope, args []Value) (Value, bool) {
	if args[0].form != number || !whole(args[0].number) {
		return Value{}, false
	}
	var room [48]byte
	out := append(strconv.AppendInt(append(room[:0], "user-"...), int64(args[0].number), 10), "@example.test"...)
	return Value{form: text, text: string(out)}, true
}

func fakePhone(_ *Scope, args []Value) (Value, bool) {
	n := args[0].number
	if args[0].form != number || !whole(n) || n < 0 || n >= float64(FakePhones) {
		return Value{}, false
	}
	last := int(n) % 100
	var room [16]byte
	out := append(strconv.AppendInt(append(room[:0], "+1"...), int64(areaCodes[int(n)/100]), 10), "55501"...)
	return Value{form: text, text: string(append(out, byte('0'+last/10), byte('0'+last%10)))}, true
}

// drawing gives the functions that give another value each time, nil for others.
func drawing(name string, args int) quick {
	switch {
	case name == "uuid" && args == 0:
		return func(s *Scope, _ []Value) (Value, bool) {
			return Value{form: text, text: randomUUID(s.dice())}, true
		}
	case name == "timestamp" && args == 0:
		return func(*Scope, []Value) (Value, bool) {
			return Value{form: text, text: time.Now().UTC().Format(time.RFC3339)}, true
		}
	case name == "randint" && args == 2:
		return randomInt
	case name == "randstring" && args == 1:
		return func(s *Scope, args []Value) (Value, bool) {
			n := args[0].number
			if args[0].form != number || !whole(n) || n < 1 || n > maxRandomText {
				return Value{}, false
			}
			return Value{form: text, text: randomText(s.dice(), int(n))}, true
		}
	}
	return nil
}

func randomInt(s *Scope, args []Value) (Value, bool) {
	lo, hi := args[0], args[1]
	if lo.form != number || hi.form != number || !whole(lo.number) || !whole(hi.number) || hi.number < lo.number {
		return Value{}, false
	}
	from := int64(lo.number)
	return Int(from + int64(s.dice().Uint64N(uint64(int64(hi.number)-from)+1))), true
}

// dice gives the iteration's random numbers.
func (s *Scope) dice() *rand.Rand {
	if s.rng == nil {
		s.rng = rand.New(&s.random)
	}
	return s.rng
}
