package emulator

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	_ "embed"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/authbench/authbench/internal/policy"
)

// publicTestKeys are known to everybody and secure nothing.
//
//go:embed public_test_keys.pem
var publicTestKeys []byte

const poolSize = 8

// signingKey is the key of one project. It is immutable.
type signingKey struct {
	algorithm jose.SignatureAlgorithm
	public    jose.JSONWebKey
	header    string // first segment of its tokens
	sign      signer
}

// keyPool hands out keys, each once: no two projects of an emulator share one,
// because Go clients tell projects apart by nothing else, and the tokens of a
// project that is gone must not verify against a later one. RSA keys are the
// embedded ones, beginning with first, and then generated; a generated key is
// the one thing that the seed does not decide. It is not safe for concurrent use.
type keyPool struct {
	first int
	taken int // embedded keys handed out
}

// take makes the key of a project; lineage tells apart the projects that an ID
// has stood for.
func (k *keyPool) take(algorithm string, seed uint64, lineage string) (*signingKey, error) {
	switch algorithm {
	case policy.ES256, policy.ES384:
		curve, hash := elliptic.P256(), crypto.SHA256
		if algorithm == policy.ES384 {
			curve, hash = elliptic.P384(), crypto.SHA384
		}
		private, err := ecdsaKey(curve, algorithm, seed, lineage)
		if err != nil {
			return nil, err
		}
		return newSigningKey(algorithm, private.Public(), ecdsaSigner(private, hash))
	case policy.EdDSA:
		start := derive(seed, "eddsa/"+lineage)
		private := ed25519.NewKeyFromSeed(start[:])
		return newSigningKey(algorithm, private.Public(), ed25519Signer(private))
	}
	private, err := k.rsaKey()
	if err != nil {
		return nil, err
	}
	return newSigningKey(policy.RS256, private.Public(), rsaSigner(private))
}

func (k *keyPool) rsaKey() (*rsa.PrivateKey, error) {
	if k.taken < poolSize {
		private, err := pooledKey((k.first + k.taken) % poolSize)
		if err != nil {
			return nil, err
		}
		k.taken++
		return private, nil
	}
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("generate RSA key: %w", err)
	}
	return private, nil
}

func pooledKey(place int) (*rsa.PrivateKey, error) {
	rest := publicTestKeys
	for i := 0; ; i++ {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		if block == nil {
			return nil, errors.New("embedded RSA key is missing")
		}
		if i < place {
			continue
		}
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("embedded RSA key: %w", err)
		}
		private, ok := key.(*rsa.PrivateKey)
		if !ok {
			return nil, fmt.Errorf("embedded RSA key is a %T", key)
		}
		return private, nil
	}
}

// ecdsaKey is decided by the seed and the project's lineage.
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

func newSigningKey(algorithm string, public any, sign signer) (*signingKey, error) {
	jwk := jose.JSONWebKey{Key: public, Algorithm: algorithm, Use: "sig"}
	thumbprint, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("thumbprint of signing key: %w", err)
	}
	jwk.KeyID = "SK" + base64.RawURLEncoding.EncodeToString(thumbprint)
	header, err := headerOf(algorithm, jwk.KeyID)
	if err != nil {
		return nil, err
	}
	return &signingKey{algorithm: jose.SignatureAlgorithm(algorithm), public: jwk, header: header, sign: sign}, nil
}
