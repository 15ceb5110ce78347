package emulator

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	_ "embed"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"

	"github.com/authbench/authbench/internal/policy"
)

// publicTestKeys are known to everybody and secure nothing.
//
//go:embed public_test_keys.pem
var publicTestKeys []byte

// embeddedKeys is how many keys there are in publicTestKeys.
const embeddedKeys = 32

// poolSize is how many pairs there are of two of their primes. Every pair makes a key of
// its own, so that a few embedded keys are those of thousands of projects. That keys share
// primes would be fatal to keys that guard something.
const poolSize = embeddedKeys * (2*embeddedKeys - 1)

// rsaPair is the pair of a place in the pool: the places of two different primes.
func rsaPair(place int) (int, int) {
	const primes = 2 * embeddedKeys
	apart := 1
	for place >= primes-apart { // so many pairs are that far apart
		place -= primes - apart
		apart++
	}
	return place, place + apart
}

// rsaSigningKey makes the key of a place in the pool. One beyond it is generated,
// which takes a while and is the one thing that the seed does not decide.
func rsaSigningKey(place int) (*signingKey, error) {
	private, err := rsaKey(place)
	if err != nil {
		return nil, err
	}
	return newSigningKey(policy.RS256, private)
}

func rsaKey(place int) (*rsa.PrivateKey, error) {
	if place < 0 {
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, fmt.Errorf("generate RSA key: %w", err)
		}
		return private, nil
	}
	i, j := rsaPair(place)
	p, err := embeddedPrime(i)
	if err != nil {
		return nil, err
	}
	q, err := embeddedPrime(j)
	if err != nil {
		return nil, err
	}
	const exponent = 65537
	one := big.NewInt(1)
	order := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	d := new(big.Int).ModInverse(big.NewInt(exponent), order)
	if d == nil {
		return nil, fmt.Errorf("embedded RSA primes %d and %d make no key", i, j)
	}
	return &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent}, D: d, Primes: []*big.Int{p, q},
	}, nil
}

// reserve keeps a key that came from elsewhere, maybe from a pool like this one, from
// being handed out a second time.
func (k *keyPool) reserve(key *signingKey) error {
	public, ok := key.public.Key.(*rsa.PublicKey)
	if !ok {
		return nil
	}
	var found []int
	for i := range 2 * embeddedKeys {
		prime, err := embeddedPrime(i)
		if err != nil {
			return err
		}
		if new(big.Int).Mod(public.N, prime).Sign() == 0 {
			found = append(found, i)
		}
	}
	if len(found) != 2 {
		return nil
	}
	if k.reserved == nil {
		k.reserved = map[int]bool{}
	}
	k.reserved[placeOf(found[0], found[1])] = true
	return nil
}

// placeOf is the place of a pair; see rsaPair.
func placeOf(i, j int) int {
	place := i
	for apart := 1; apart < j-i; apart++ {
		place += 2*embeddedKeys - apart
	}
	return place
}

// embeddedPrime reads one prime, without the checks of crypto/x509, which cost more than
// all the rest.
func embeddedPrime(place int) (*big.Int, error) {
	const head = "-----BEGIN"
	rest := publicTestKeys
	for range place / 2 { // the others are not decoded
		_, behind, _ := bytes.Cut(rest, []byte(head))
		rest = behind
	}
	block, _ := pem.Decode(rest)
	if block == nil {
		return nil, errors.New("embedded RSA key is missing")
	}
	var outer struct { // PKCS #8
		Version   int
		Algorithm asn1.RawValue
		Key       []byte
	}
	var inner struct { // PKCS #1
		Version          int
		N, E, D, P, Q    *big.Int
		Dp, Dq, QInverse *big.Int
	}
	if _, err := asn1.Unmarshal(block.Bytes, &outer); err != nil {
		return nil, fmt.Errorf("embedded RSA key: %w", err)
	}
	if _, err := asn1.Unmarshal(outer.Key, &inner); err != nil {
		return nil, fmt.Errorf("embedded RSA key: %w", err)
	}
	return []*big.Int{inner.P, inner.Q}[place%2], nil
}
