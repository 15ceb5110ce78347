package emulator

import (
	"fmt"
	"time"
)

// state is what has become of a message.
type state uint8

const (
	delivered state = iota // in the inbox
	pending                // on its way
	lost
	rejected // by a carrier
)

func states() []state { return []state{delivered, pending, lost, rejected} }

func (s state) String() string {
	return [...]string{"delivered", "pending", "lost", "rejected"}[s]
}

// MarshalText writes the state's name.
func (s state) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the state's name.
func (s *state) UnmarshalText(text []byte) error {
	for _, known := range states() {
		if known.String() == string(text) {
			*s = known
			return nil
		}
	}
	return fmt.Errorf("state %q is none of a message", text)
}

// Why a message was lost.
const (
	reasonLoss     = "loss"     // by the delivery's own probability
	reasonFault    = "fault"    // by a fault of the phase delivery
	reasonOverflow = "overflow" // as many were on their way as the emulator keeps
)

// journey is how a message came where it is. It does not change, but for what the
// gateway says.
type journey struct {
	DueAt       time.Time `json:"due_at,omitzero"`     // of a message that is or was on its way
	ArrivedAt   time.Time `json:"arrived_at,omitzero"` // of a delivered one
	Reason      string    `json:"reason,omitempty"`    // of one that is lost, or of the carrier that rejected it
	DuplicateOf string    `json:"duplicate_of,omitempty"`
	Gateway     *posting  `json:"gateway,omitempty"`
}
