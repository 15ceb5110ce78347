package emulator

import (
	"crypto/rsa"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"sync"

	"github.com/authbench/authbench/internal/policy"
)

// keyPool hands out keys. The seed of a project and the use decide a key: one of RS256 is
// made of two primes of a public table, others are derived. It sees to it that no two
// projects share an RSA key, because Go clients tell projects apart by nothing else: of
// the keys that a use leads to, a project gets the first that no other has. The zero pool
// is ready. It is not safe for concurrent use; the keys are.
type keyPool struct {
	held map[keyMark]*project
}

// keyMark tells an RSA key from others: the last 64 bits of its modulus.
type keyMark uint64

// primePair is the places of the two primes of a key.
type primePair struct{ p, q int }

// take gives a project a key.
func (k *keyPool) take(p *project, algorithm, use string) lazyKey {
	if algorithm != policy.RS256 {
		seed := p.seed
		return sync.OnceValues(func() (*signingKey, error) { return derivedKey(algorithm, seed, use) })
	}
	for n := 0; ; n++ {
		pair := pairFor(p.seed, use, n)
		mark := pair.mark()
		if k.held[mark] == nil {
			k.hold(p, mark)
			return sync.OnceValues(pair.signingKey)
		}
	}
}

// hold keeps a key for a project. Of its keys only so many are published, or were before
// the last rotation; one that is older is free again.
func (k *keyPool) hold(p *project, mark keyMark) {
	if k.held == nil {
		k.held = map[keyMark]*project{}
	}
	k.held[mark] = p
	p.marks = append(p.marks, mark)
	if len(p.marks) > maxGenerations+1 {
		k.free(p, p.marks[0])
		p.marks = p.marks[1:]
	}
}

// release frees the keys of a project that is gone.
func (k *keyPool) release(p *project) {
	for _, mark := range p.marks {
		k.free(p, mark)
	}
	p.marks = nil
}

func (k *keyPool) free(p *project, mark keyMark) {
	if k.held[mark] == p {
		delete(k.held, mark)
	}
}

// pairFor is the n-th pair that a use leads to. Every pair is equally likely.
func pairFor(seed uint64, use string, n int) primePair {
	sum := derive(seed, fmt.Sprintf("rs256/%d/%s", n, use))
	p := int(binary.BigEndian.Uint64(sum[:8]) % primeCount)
	q := int(binary.BigEndian.Uint64(sum[8:16]) % (primeCount - 1))
	if q >= p {
		q++ // another than p
	}
	return primePair{p, q}
}

func (pair primePair) mark() keyMark { return keyMark(primeTail(pair.p) * primeTail(pair.q)) }

// markOf is the mark of a key from elsewhere; ok is false if it is none of RSA.
func markOf(key *signingKey) (mark keyMark, ok bool) {
	public, ok := key.public.Key.(*rsa.PublicKey)
	if !ok {
		return 0, false
	}
	modulus := public.N.Bytes()
	return keyMark(binary.BigEndian.Uint64(modulus[len(modulus)-8:])), true
}

func (pair primePair) signingKey() (*signingKey, error) {
	private, err := pair.rsaKey()
	if err != nil {
		return nil, err
	}
	return newSigningKey(policy.RS256, private)
}

func (pair primePair) rsaKey() (*rsa.PrivateKey, error) {
	p, q := publicPrime(pair.p), publicPrime(pair.q)
	one := big.NewInt(1)
	order := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	d := new(big.Int).ModInverse(big.NewInt(rsaExponent), order)
	if d == nil {
		return nil, errors.New("two public primes make no RSA key")
	}
	return &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: rsaExponent}, D: d, Primes: []*big.Int{p, q},
	}, nil
}
