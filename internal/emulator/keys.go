package emulator

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"

	"github.com/go-jose/go-jose/v4"

	"github.com/authbench/authbench/internal/policy"
)

// signingKey is one key of a project. It is immutable.
type signingKey struct {
	algorithm jose.SignatureAlgorithm
	public    jose.JSONWebKey
	private   crypto.Signer
	header    string // first segment of its tokens
	sign      signer
	// prepare must have been called before private is used. Of an RSA key it is most of
	// the work, which whoever only asks for the public keys need not wait for.
	prepare func()
}

func derivedKey(algorithm string, seed uint64, use string) (*signingKey, error) {
	if algorithm == policy.EdDSA {
		start := derive(seed, "eddsa/"+use)
		return newSigningKey(algorithm, ed25519.NewKeyFromSeed(start[:]))
	}
	curve := elliptic.P256()
	if algorithm == policy.ES384 {
		curve = elliptic.P384()
	}
	private, err := ecdsaKey(curve, algorithm, seed, use)
	if err != nil {
		return nil, err
	}
	return newSigningKey(algorithm, private)
}

// ecdsaKey is decided by the seed and the use.
func ecdsaKey(curve elliptic.Curve, algorithm string, seed uint64, lineage string) (*ecdsa.PrivateKey, error) {
	width := (curve.Params().BitSize + 7) / 8
	use := strings.ToLower(algorithm)
	var err error
	for n := range 8 { // a scalar outside the group has a chance of 2^-32 at most
		head := derive(seed, fmt.Sprintf("%s/%d/%s", use, n, lineage))
		tail := derive(seed, fmt.Sprintf("%s/%d/tail/%s", use, n, lineage))
		scalar := append(head[:], tail[:]...)[:width]
		var private *ecdsa.PrivateKey
		if private, err = ecdsa.ParseRawPrivateKey(curve, scalar); err == nil {
			return private, nil
		}
	}
	return nil, fmt.Errorf("derive ECDSA key: %w", err)
}

func newSigningKey(algorithm string, private crypto.Signer) (*signingKey, error) {
	prepare := func() {}
	if k, ok := private.(*rsa.PrivateKey); ok {
		prepare = sync.OnceFunc(k.Precompute)
	}
	sign, err := signerOf(algorithm, private, prepare)
	if err != nil {
		return nil, err
	}
	jwk := jose.JSONWebKey{Key: private.Public(), Algorithm: algorithm, Use: "sig"}
	thumbprint, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("thumbprint of signing key: %w", err)
	}
	jwk.KeyID = "SK" + base64.RawURLEncoding.EncodeToString(thumbprint)
	header, err := headerOf(algorithm, jwk.KeyID)
	if err != nil {
		return nil, err
	}
	return &signingKey{jose.SignatureAlgorithm(algorithm), jwk, private, header, sign, prepare}, nil
}

// minRSABits is what RFC 7518 asks of RS256.
const minRSABits = 2048

// signerOf fails if the key is none of the algorithm.
func signerOf(algorithm string, private crypto.Signer, prepare func()) (signer, error) {
	switch k := private.(type) {
	case *rsa.PrivateKey:
		if bits := k.N.BitLen(); bits < minRSABits {
			return nil, fmt.Errorf("an RSA key of %d bits is too short, RS256 needs %d", bits, minRSABits)
		}
		if algorithm == policy.RS256 {
			return rsaSigner(k, prepare), nil
		}
	case *ecdsa.PrivateKey:
		if algorithm == policy.ES256 && k.Curve == elliptic.P256() {
			return ecdsaSigner(k, crypto.SHA256), nil
		}
		if algorithm == policy.ES384 && k.Curve == elliptic.P384() {
			return ecdsaSigner(k, crypto.SHA384), nil
		}
	case ed25519.PrivateKey:
		if algorithm == policy.EdDSA {
			return ed25519Signer(k), nil
		}
	}
	return nil, fmt.Errorf("a %T signs no %s", private, algorithm)
}
