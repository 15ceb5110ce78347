package eval

import "strconv"

// piece is a part of a format: a text, or a verb for the next argument.
type piece struct {
	text string
	// verb is s, v or d, 0 for a text.
	verb byte
	// width is that of a number; zeros fill it up instead of blanks.
	width int
	zeros bool
}

// formatted compiles format for a constant text with the verbs %s, %v and %d, the last
// with a width; others are left to the function.
func formatted(parts []code) quick {
	if !parts[0].fixed || parts[0].value.form != text {
		return nil
	}
	pieces, verbs, ok := takeApart(parts[0].value.text)
	if !ok || verbs != len(parts)-1 {
		return nil
	}
	return func(_ *Scope, args []Value) (Value, bool) {
		var room [128]byte
		out, next := room[:0], 1
		for i := range pieces {
			p := &pieces[i]
			if p.verb == 0 {
				out = append(out, p.text...)
				continue
			}
			var ok bool
			if out, ok = p.append(out, args[next]); !ok {
				return Value{}, false
			}
			next++
		}
		return Text(string(out)), len(out) <= MaxText
	}
}

func (p *piece) append(dst []byte, v Value) ([]byte, bool) {
	switch {
	case p.verb == 's', p.verb == 'v' && v.form == text:
		return appendText(dst, v)
	case v.form != number || !whole(v.number) || v.number < 0 || p.verb != 'd':
		return dst, false
	}
	fill := byte(' ')
	if p.zeros {
		fill = '0'
	}
	var room [20]byte
	digits := strconv.AppendInt(room[:0], int64(v.number), 10)
	for range p.width - len(digits) {
		dst = append(dst, fill)
	}
	return append(dst, digits...), true
}

func takeApart(format string) (pieces []piece, verbs int, ok bool) {
	literal := ""
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			literal += format[i : i+1]
			continue
		}
		p := piece{}
		for i++; i < len(format) && format[i] >= '0' && format[i] <= '9' && p.width < 100; i++ {
			if p.width == 0 && format[i] == '0' {
				p.zeros = true
			}
			p.width = p.width*10 + int(format[i]-'0')
		}
		if i == len(format) {
			return nil, 0, false
		}
		if p.verb = format[i]; p.verb == '%' && p.width == 0 && !p.zeros {
			literal += "%"
			continue
		}
		if p.verb != 'd' && (p.verb != 's' && p.verb != 'v' || p.width > 0 || p.zeros) {
			return nil, 0, false
		}
		pieces, literal = append(pieces, piece{text: literal}, p), ""
		verbs++
	}
	return append(pieces, piece{text: literal}), verbs, true
}
