// Package sms counts what a text costs as a short message: its encoding and the
// segments it is cut into, by GSM 03.38 and the concatenation of 3GPP TS 23.040.
//
// It knows the default alphabet alone, no national shift tables, and encodes nothing.
// Start with Count.
package sms

import (
	"errors"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding is how a text is written into a message. The zero value is none.
type Encoding uint8

// The encodings.
const (
	None Encoding = iota
	GSM7          // the default alphabet of GSM 03.38, septets
	UCS2          // UTF-16 code units
)

// Room of one segment, in the encoding's units: of a message that is one segment, and
// of one of several, where a header takes six octets.
const (
	gsmSingle, gsmPart = 160, 153
	ucsSingle, ucsPart = 70, 67
)

// String is the encoding's usual name, "GSM-7" or "UCS-2", empty for none.
func (e Encoding) String() string {
	switch e {
	case GSM7:
		return "GSM-7"
	case UCS2:
		return "UCS-2"
	default:
		return ""
	}
}

// MarshalText writes the usual name.
func (e Encoding) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads the usual name.
func (e *Encoding) UnmarshalText(text []byte) error {
	for _, known := range []Encoding{None, GSM7, UCS2} {
		if string(text) == known.String() {
			*e = known
			return nil
		}
	}
	return errors.New("encoding is neither GSM-7 nor UCS-2")
}

// Count gives the encoding of a text and how many segments it takes, at least one. A
// text is GSM-7 if every character is in the alphabet or its extension table, whose
// characters take two septets. What belongs together, an escape and its character or
// the two halves of a surrogate pair, is not cut in two. A byte that is not UTF-8
// counts as U+FFFD. It allocates nothing.
func Count(text string) (Encoding, int) {
	units := 0
	for _, r := range text {
		n := septets(r)
		if n == 0 {
			return UCS2, segments(text, ucsSingle, ucsPart, codeUnits)
		}
		units += n
	}
	if units <= gsmSingle {
		return GSM7, 1
	}
	return GSM7, segments(text, gsmSingle, gsmPart, septets)
}

// segments fills one segment after the other.
func segments(text string, single, part int, size func(rune) int) int {
	total, count, used := 0, 1, 0
	for _, r := range text {
		n := size(r)
		total += n
		if used+n > part {
			count, used = count+1, 0
		}
		used += n
	}
	if total <= single {
		return 1
	}
	return count
}

func codeUnits(r rune) int { return utf16.RuneLen(r) }

// septets is the size of a character in GSM 03.38, 0 for one that is not in it.
func septets(r rune) int {
	if r < utf8.RuneSelf {
		switch r {
		case '\f', '^', '{', '}', '\\', '[', '~', ']', '|':
			return 2
		case '\n', '\r':
			return 1
		case '`':
			return 0
		}
		if r < ' ' || r == 0x7f {
			return 0
		}
		return 1
	}
	switch r {
	case '£', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', 'Ø', 'ø', 'Å', 'å', 'Δ', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ',
		'Æ', 'æ', 'ß', 'É', '¤', '¡', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'ä', 'ö', 'ñ', 'ü', 'à':
		return 1
	case '€':
		return 2
	}
	return 0
}
