package emulator

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// pendingMemory is a pending session. The ref itself is kept of a test user's alone, as
// the project keeps it.
type pendingMemory struct {
	Key       []byte    `json:"key"` // hash of the ref
	Ref       string    `json:"ref,omitempty"`
	UserID    string    `json:"user_id"`
	Challenge []byte    `json:"challenge,omitzero"`   // left out without PKCE
	SessionID string    `json:"session_id,omitempty"` // once there is one; it may have ended
	FirstSeen bool      `json:"first_seen"`
	StepUp    bool      `json:"step_up"`
	Expires   time.Time `json:"expires"`
}

func exportPending(awaited map[refKey]*pendingSession) []pendingMemory {
	out := make([]pendingMemory, 0, len(awaited))
	for ps := range maps.Values(awaited) {
		kept := pendingMemory{
			Key: ps.key[:], Ref: ps.ref, UserID: ps.user.info.UserID, Challenge: ps.challenge,
			FirstSeen: ps.firstSeen, StepUp: ps.stepUp, Expires: ps.deadline.at,
		}
		if ps.session != nil {
			kept.SessionID = ps.session.id
		}
		out = append(out, kept)
	}
	slices.SortFunc(out, func(a, b pendingMemory) int { return bytes.Compare(a.Key, b.Key) })
	return out
}

// importPending comes after the sessions and before the links.
func (p *project) importPending(s *projectState, people map[string]*user) error {
	for _, m := range s.Awaited {
		u := people[m.UserID]
		if u == nil {
			return fmt.Errorf("state: pending_sessions: one is of nobody, user %q", m.UserID)
		}
		key, ok := refKeyFrom(m.Key)
		if !ok || p.awaited[key] != nil {
			return errors.New("state: pending_sessions: a key is no hash, or comes twice")
		}
		ps := &pendingSession{key: key, ref: m.Ref, challenge: m.Challenge, firstSeen: m.FirstSeen, stepUp: m.StepUp}
		if m.SessionID != "" {
			if ps.session = p.sessions[m.SessionID]; ps.session == nil {
				ps.session = &session{id: m.SessionID, user: u} // it has ended, which collect tells by its absence
			}
		}
		p.keepPending(m.Expires, ps, u)
	}
	return nil
}

// refKeyFrom reads a key and reports whether it is one.
func refKeyFrom(text []byte) (key refKey, ok bool) {
	ok = len(text) == len(key)
	copy(key[:], text)
	return key, ok
}
