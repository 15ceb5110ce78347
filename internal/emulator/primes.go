package emulator

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"fmt"
	"math/big"
)

// publicTestPrimes tells of each prime how far it is from its base, in steps of two, as 16
// bits each. The primes are known to everybody and secure nothing.
//
//go:embed public_test_primes.bin
var publicTestPrimes []byte

// primeCount is how many primes there are. Every pair of them makes a key, so that the
// chance of two projects to be given one pair is some 1 in 134 million.
const primeCount = 1 << 14

const rsaExponent = 65537

// primeBlocks is how many blocks of 256 bits make a base.
const primeBlocks = 4

// primeBase is an odd number of 1,024 bits that its place decides. The two bits at the top
// are set, so that the product of two primes has 2,048.
func primeBase(place int) *big.Int {
	text := make([]byte, 0, primeBlocks*sha256.Size)
	for n := range primeBlocks {
		block := primeBlock(place, n)
		text = append(text, block[:]...)
	}
	text[0] |= 0xc0
	return new(big.Int).SetBytes(text)
}

func primeBlock(place, n int) [sha256.Size]byte {
	block := sha256.Sum256(fmt.Appendf(nil, "authbench public test prime %d/%d", place, n))
	if n == primeBlocks-1 {
		block[len(block)-1] |= 1
	}
	return block
}

func primeSteps(place int) uint64 {
	return 2 * uint64(binary.BigEndian.Uint16(publicTestPrimes[2*place:]))
}

// publicPrime is the first prime from its base on that makes keys with rsaExponent.
func publicPrime(place int) *big.Int {
	p := primeBase(place)
	return p.Add(p, new(big.Int).SetUint64(primeSteps(place)))
}

// primeTail is the last 64 bits of a prime.
func primeTail(place int) uint64 {
	block := primeBlock(place, primeBlocks-1)
	return binary.BigEndian.Uint64(block[sha256.Size-8:]) + primeSteps(place)
}
