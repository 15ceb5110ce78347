package policy

import "github.com/authbench/authbench/internal/secret"

// Secret is a setting that is written as *** wherever a policy is shown, but for one
// that Project.Revealed gave. The zero value is empty, and written so.
type Secret struct {
	secret.String
	open bool
}

// NewSecret makes a secret of value.
func NewSecret(value string) Secret { return Secret{String: secret.New(value)} }

// MarshalText writes the value of an open or empty secret, and *** for any other.
func (s Secret) MarshalText() ([]byte, error) {
	if s.open || s.Empty() {
		return []byte(s.Reveal()), nil
	}
	return s.String.MarshalText()
}

// UnmarshalText reads the value.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}

// Equal reports whether both hold the same value, in time that depends on the lengths
// alone.
func (s Secret) Equal(other Secret) bool { return s.String.Equal(other.Reveal()) }

func (s Secret) revealed() Secret {
	s.open = true
	return s
}

// Revealed is a copy whose secrets are written as they are. It is for an emulator
// that gets the policy, and for nobody else.
func (p Project) Revealed() Project {
	p.Connectors = p.Connectors.revealed()
	return p
}
