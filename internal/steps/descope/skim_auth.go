package descope

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"time"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/jsondoc"
)

// skimAuth reads a session that has nothing wrong with it. It gives up on any other.
func skimAuth(a answer, needRefresh bool) (out outcome, ok bool) {
	s := skim(a, authShape, authSources)
	if s == nil {
		return out, false
	}
	s.session = tokenOf(s, "sessionJwt", api.KindSession)
	s.refresh = tokenOf(s, "refreshJwt", api.KindRefresh)
	if needRefresh && len(s.refresh) == 0 {
		return out, false
	}
	if out.lifetimes.Session, ok = lifetimeIn(s.session); !ok {
		return out, false
	}
	out.lifetimes.Refresh, _ = lifetimeIn(s.refresh)
	out.values = s
	return out, true
}

// tokenOf gives a token of the body, else of its cookie.
func tokenOf(s *skimmed, key, name string) []byte {
	if token := s.doc.Find(key).Bytes(); len(token) > 0 {
		return token
	}
	return []byte(cookie(s.header, name))
}

// usualClaims is how many bytes the claims of a token most often do not exceed.
const usualClaims = 1024

// lifetimeIn gives the lifetime of a compact JWT, 0 when it does not say. ok is false
// for a text that is none.
func lifetimeIn(token []byte) (d time.Duration, ok bool) {
	var room [usualClaims]byte
	raw, ok := claimsText(token, room[:])
	if !ok {
		return 0, false
	}
	issued, expires, ok := jsondoc.ParsePair(raw, api.ClaimIssuedAt, api.ClaimExpiry)
	return between(issued, expires), ok
}

// between gives the time from one claim to another, 0 unless both are moments.
func between(issued, expires jsondoc.Value) time.Duration {
	from, ok1 := momentOf(issued)
	to, ok2 := momentOf(expires)
	if !ok1 || !ok2 {
		return 0
	}
	return to.Sub(from)
}

// payload gives the claims of a compact JWT.
func payload(token []byte) (jsondoc.Value, bool) {
	raw, ok := claimsText(token, nil)
	if !ok {
		return jsondoc.Value{}, false
	}
	v, ok := jsondoc.Valid(raw)
	return v, ok && v.Kind() == jsondoc.Object
}

// claimsText gives what a compact JWT has for claims, in room if it fits.
func claimsText(token, room []byte) ([]byte, bool) {
	_, rest, ok := bytes.Cut(token, []byte{'.'})
	if !ok {
		return nil, false
	}
	claims, signature, ok := bytes.Cut(rest, []byte{'.'})
	if !ok || bytes.IndexByte(signature, '.') >= 0 {
		return nil, false
	}
	if n := base64.RawURLEncoding.DecodedLen(len(claims)); n > len(room) {
		room = make([]byte, n)
	}
	n, err := base64.RawURLEncoding.Decode(room, claims)
	return room[:n], err == nil
}

// momentOf is moment for a value within a document.
func momentOf(v jsondoc.Value) (time.Time, bool) {
	if n, ok := v.Int(); ok && n >= 0 && n <= 1<<40 {
		return time.UnixMilli(n * 1000), true
	}
	if v.Kind() != jsondoc.Number {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseFloat(string(v.Raw()), 64)
	if err != nil || seconds < 0 || seconds > 1<<40 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(seconds * 1000)), true
}
