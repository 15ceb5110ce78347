package eval

import (
	"encoding/binary"
	"math/big"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// seed starts the iteration's stream of random numbers: a function of the run's
// seed, the scenario and the iteration alone.
func seed(p *rand.PCG, it Iteration) { p.Seed(it.Seed^fnv1a(it.Scenario), it.ID*0x9E3779B97F4A7C15+1) }

// fnv1a is the 64-bit hash of that name.
func fnv1a(s string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return h
}

func randomUUID(rng *rand.Rand) string {
	hi := rng.Uint64()
	return formatUUID(hi, rng.Uint64())
}

func formatUUID(hi, lo uint64) string {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], hi)
	binary.BigEndian.PutUint64(u[8:], lo)
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}

// ImpureNames are the functions that give another value at each call. They are
// allowed only where a value belongs to an iteration.
func ImpureNames() []string { return []string{"randint", "randstring", "timestamp", "uuid"} }

const (
	randomAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	maxRandomText  = 1024
)

func randomText(rng *rand.Rand, n int) string {
	var room [64]byte
	out := room[:0]
	for range n {
		out = append(out, randomAlphabet[rng.IntN(len(randomAlphabet))])
	}
	return string(out)
}

// impure makes the functions of one iteration. They belong to its goroutine.
func impure(rng *rand.Rand) map[string]function.Function {
	return map[string]function.Function{
		"uuid": function.New(&function.Spec{
			Description: "A random UUID, version 4.",
			Type:        function.StaticReturnType(cty.String),
			Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
				return cty.StringVal(randomUUID(rng)), nil
			},
		}),
		"randint": function.New(&function.Spec{
			Description: "A random whole number from min to max, both included.",
			Params:      []function.Parameter{{Name: "min", Type: cty.Number}, {Name: "max", Type: cty.Number}},
			Type:        function.StaticReturnType(cty.Number),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				lo, err := wholeNumber(args[0], 0)
				if err != nil {
					return cty.UnknownVal(cty.Number), err
				}
				hi, err := wholeNumber(args[1], 1)
				if err != nil {
					return cty.UnknownVal(cty.Number), err
				}
				if hi < lo {
					return cty.UnknownVal(cty.Number), function.NewArgErrorf(1, "max must not be below min")
				}
				return cty.NumberIntVal(lo + int64(rng.Uint64N(uint64(hi-lo)+1))), nil
			},
		}),
		"randstring": function.New(&function.Spec{
			Description: "A random text of lower-case letters and digits, of the given length from 1 to " + strconv.Itoa(maxRandomText) + ".",
			Params:      []function.Parameter{{Name: "length", Type: cty.Number}},
			Type:        function.StaticReturnType(cty.String),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				n, err := wholeNumber(args[0], 0)
				if err != nil {
					return cty.UnknownVal(cty.String), err
				}
				if n < 1 || n > maxRandomText {
					return cty.UnknownVal(cty.String), function.NewArgErrorf(0, "length must be from 1 to %d", maxRandomText)
				}
				return cty.StringVal(randomText(rng, int(n))), nil
			},
		}),
		"timestamp": function.New(&function.Spec{
			Description: "The time at which it is evaluated, RFC 3339, UTC.",
			Type:        function.StaticReturnType(cty.String),
			Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
				return cty.StringVal(time.Now().UTC().Format(time.RFC3339)), nil
			},
		}),
	}
}

// wholeNumber takes an integer argument that stays exact in 53 bits.
func wholeNumber(v cty.Value, arg int) (int64, error) {
	n, accuracy := v.AsBigFloat().Int64()
	if accuracy != big.Exact || n > 1<<53 || n < -(1<<53) {
		return 0, function.NewArgErrorf(arg, "must be a whole number")
	}
	return n, nil
}
