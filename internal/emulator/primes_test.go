package emulator

import (
	"encoding/binary"
	"flag"
	"math/big"
	"os"
	"runtime"
	"sync"
	"testing"
)

var updatePrimes = flag.Bool("update-primes", false, "make public_test_primes.bin anew, which takes ten minutes")

// Every prime of the table is the first one behind its base; a part of them is looked for
// again each time.
func TestPublicPrimes(t *testing.T) {
	t.Parallel()
	every := 512
	if *updatePrimes {
		every = 1
	}
	sieve := oddPrimes(1 << 18)
	found := make([]byte, 2*primeCount)
	copy(found, publicTestPrimes)
	places := make(chan int)
	var searching sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		searching.Go(func() {
			for place := range places {
				binary.BigEndian.PutUint16(found[2*place:], stepsToPrime(t, place, sieve))
			}
		})
	}
	for place := 0; place < primeCount; place += every {
		places <- place
	}
	close(places)
	searching.Wait()
	if *updatePrimes {
		if err := os.WriteFile("public_test_primes.bin", found, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if len(publicTestPrimes) != 2*primeCount || string(found) != string(publicTestPrimes) {
		t.Error("the table is not what it is made of")
	}
	seen := map[string]bool{}
	for place := range primeCount {
		p := publicPrime(place)
		if text := p.String(); p.BitLen() != 1024 || seen[text] {
			t.Fatalf("prime %d has %d bits or came before", place, p.BitLen())
		} else {
			seen[text] = true
		}
	}
}

// stepsToPrime looks for the prime of a place, in steps of two from its base.
func stepsToPrime(t *testing.T, place int, sieve []uint64) uint16 {
	const most = 1 << 16
	base, rest := primeBase(place), new(big.Int)
	composite := make([]bool, most)
	for _, q := range sieve {
		k := q - rest.Mod(base, new(big.Int).SetUint64(q)).Uint64() // base+k is a multiple of q
		if k%2 == 1 {
			k += q
		}
		for k /= 2; k < most; k += q {
			composite[k] = true
		}
	}
	exponent := big.NewInt(rsaExponent)
	for steps, no := range composite {
		p := new(big.Int).Add(base, big.NewInt(2*int64(steps)))
		if !no && rest.Mod(p, exponent).Int64() != 1 && p.ProbablyPrime(0) {
			return uint16(steps)
		}
	}
	t.Errorf("place %d: no prime is near", place)
	return 0
}

// oddPrimes is every odd prime below the limit.
func oddPrimes(limit int) (primes []uint64) {
	composite := make([]bool, limit)
	for q := 3; q < limit; q += 2 {
		if composite[q] {
			continue
		}
		primes = append(primes, uint64(q))
		for k := q * q; k < limit; k += 2 * q {
			composite[k] = true
		}
	}
	return primes
}
