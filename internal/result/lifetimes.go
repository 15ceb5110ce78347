package result

import (
	"iter"
	"time"
)

// The names of the tokens, as reports and metrics know them.
const (
	sessionToken = "session"
	refreshToken = "refresh"
)

// Lifetimes are the times from issue to expiry of tokens that were received. 0 is a
// token that was not received, or does not say.
type Lifetimes struct {
	Session, Refresh time.Duration
}

// All gives the lifetimes that are known, by the kind of token.
func (l Lifetimes) All() iter.Seq2[string, time.Duration] {
	return func(yield func(string, time.Duration) bool) {
		if l.Session != 0 && !yield(sessionToken, l.Session) {
			return
		}
		if l.Refresh != 0 {
			yield(refreshToken, l.Refresh)
		}
	}
}
