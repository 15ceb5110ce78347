package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
	"strconv"
)

// random draws everything a project makes up. It is not safe for concurrent use.
type random struct {
	source *rand.ChaCha8
	rand   *rand.Rand
}

// newRandom is a stream of its own for each seed and use.
func newRandom(seed uint64, use string) *random {
	source := rand.NewChaCha8(derive(seed, use))
	return &random{source: source, rand: rand.New(source)}
}

// deliveryUse is the use of the draws of deliveries. Like those of a fault they depend on
// the seed and on how many came before, and begin again with a reset.
const deliveryUse = "delivery"

// derive makes a key for one use of the seed.
func derive(seed uint64, use string) [32]byte {
	text := binary.BigEndian.AppendUint64(nil, seed)
	return sha256.Sum256(append(text, use...))
}

// text is n characters of letters and digits behind a prefix.
func (r *random) text(prefix string, n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	var room [48]byte // or the text is made twice
	out := append(room[:0], prefix...)
	for range n {
		out = append(out, alphabet[r.rand.IntN(len(alphabet))])
	}
	return string(out)
}

// token is an opaque text of 256 bits.
func (r *random) token() string {
	var b [32]byte
	_, _ = r.source.Read(b[:]) // never fails
	var text [43]byte
	base64.RawURLEncoding.Encode(text[:], b[:])
	return string(text[:])
}

// code is a number of so many digits, at most 18, each of them equally likely.
func (r *random) code(digits int) string {
	most := int64(1)
	for range digits {
		most *= 10
	}
	var room [20]byte
	// A digit in front, which is cut off, keeps the zeros.
	return string(strconv.AppendInt(room[:0], most+r.rand.Int64N(most), 10)[1:])
}

// numbers are n numbers of two digits, each another.
func (r *random) numbers(n int) []string {
	out := make([]string, n)
	for i, k := range r.rand.Perm(90)[:n] {
		out[i] = strconv.Itoa(k + 10)
	}
	return out
}

func (r *random) userID() string    { return r.text("U", 27) }
func (r *random) sessionID() string { return r.text("S", 21) }
func (r *random) messageID() string { return r.text("M", 21) }
func (r *random) tokenID() string   { return r.text("T", 21) }
