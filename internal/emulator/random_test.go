package emulator

import (
	"encoding/base64"
	"testing"
)

// Every digit is equally likely at every place of a code, the leading zero too.
func TestCodesAreUniform(t *testing.T) {
	t.Parallel()
	const n = 100_000
	r := newRandom(1, "test")
	var counts [6][10]float64
	for range n {
		code := r.code(6)
		if len(code) != 6 {
			t.Fatalf("code %q is not six digits", code)
		}
		for place, digit := range []byte(code) {
			counts[place][digit-'0']++
		}
	}
	for place, digits := range counts {
		chi := 0.0
		for _, seen := range digits {
			chi += (seen - n/10) * (seen - n/10) / (n / 10)
		}
		if chi > 27.9 { // p = 0.001 at nine degrees of freedom; the seed is fixed
			t.Errorf("place %d: chi squared %.1f, counts %v", place, chi, digits)
		}
	}
}

func TestTokensAreOpaque(t *testing.T) {
	t.Parallel()
	r := newRandom(1, "test")
	seen := map[string]bool{}
	for range 1000 {
		token := r.token()
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || len(raw) < 16 || seen[token[:8]] {
			t.Fatalf("token %q: %d bytes, %v, prefix seen %v", token, len(raw), err, seen[token[:8]])
		}
		seen[token[:8]] = true
	}
}
