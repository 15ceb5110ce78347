package emulator

import (
	"encoding/pem"
	"math/big"
	"testing"
)

// Every pair of primes comes once and makes a key that the standard library takes: two
// factors of 1,024 bits, far enough apart.
func TestPoolOfPrimes(t *testing.T) {
	t.Parallel()
	if n := countKeys(); n != embeddedKeys {
		t.Fatalf("%d keys are embedded, want %d", n, embeddedKeys)
	}
	primes := make([]*big.Int, 2*embeddedKeys)
	for i := range primes {
		var err error
		if primes[i], err = embeddedPrime(i); err != nil {
			t.Fatal(err)
		}
		if !primes[i].ProbablyPrime(0) {
			t.Errorf("prime %d is none", i)
		}
	}
	seen := map[[2]int]bool{}
	for place := range poolSize {
		i, j := rsaPair(place)
		if i < 0 || j <= i || j >= len(primes) || seen[[2]int{i, j}] {
			t.Fatalf("place %d is the pair %d, %d", place, i, j)
		}
		seen[[2]int{i, j}] = true
		if got := placeOf(i, j); got != place {
			t.Fatalf("the pair of place %d is that of %d", place, got)
		}
		if n := new(big.Int).Mul(primes[i], primes[j]); n.BitLen() != 2048 {
			t.Errorf("place %d has %d bits", place, n.BitLen())
		}
		if d := new(big.Int).Sub(primes[i], primes[j]); d.BitLen() <= 1024-100 {
			t.Errorf("place %d has primes that are near each other", place)
		}
	}
	for _, place := range []int{0, 1, poolSize / 2, poolSize - 1} {
		k, err := rsaKey(place)
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Validate(); err != nil {
			t.Errorf("place %d: %v", place, err)
		}
	}
	if k, err := rsaKey(-1); err != nil || k.N.BitLen() != 2048 {
		t.Errorf("a key beyond the pool: %v", err)
	}
}

func countKeys() (n int) {
	for rest := publicTestKeys; ; n++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return n
		}
	}
}
