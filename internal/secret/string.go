// Package secret holds values that must not be read by people.
//
// A [String] prints as *** wherever it is formatted, logged or encoded; the one
// way to the value is [String.Reveal]. A [Scrubber] is the second line: it takes
// known secrets out of text that was made elsewhere, an HTTP body for example.
//
// The package does not decide what is secret: step kinds and the language do.
package secret

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
)

// Mask is what stands in place of a secret.
const Mask = "***"

// String is a text that prints as [Mask]. The zero value is an empty secret.
// It is immutable and safe for concurrent use.
type String struct {
	// A pointer, because fmt reads unexported fields of other structs past every
	// method: it then prints an address.
	value *string
}

// New makes a secret of value.
func New(value string) String { return String{value: &value} }

// Reveal gives the value. Call it only where the value leaves for its recipient.
func (s String) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is no value.
func (s String) Empty() bool { return s.Reveal() == "" }

// Equal compares with other in time that depends on the lengths alone.
func (s String) Equal(other string) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other)) == 1
}

// String implements [fmt.Stringer] without the value.
func (s String) String() string { return Mask }

// GoString implements [fmt.GoStringer] without the value.
func (s String) GoString() string { return Mask }

// Format implements [fmt.Formatter]: every verb, %x and %v alike, prints the mask.
func (s String) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(Mask)) }

// MarshalText implements [encoding.TextMarshaler] without the value, for JSON as well.
func (s String) MarshalText() ([]byte, error) { return []byte(Mask), nil }

// LogValue implements [slog.LogValuer] without the value.
func (s String) LogValue() slog.Value { return slog.StringValue(Mask) }
