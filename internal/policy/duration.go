package policy

import (
	"fmt"
	"time"
)

// Duration is a time.Duration that reads and writes itself as Go's duration
// string, "3m0s".
type Duration time.Duration

// Std is the duration as the standard library's type.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String is Go's form, "3m0s".
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalText writes Go's form.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads Go's form.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("duration %q is not like \"90s\" or \"10m\"", text)
	}
	*d = Duration(v)
	return nil
}
