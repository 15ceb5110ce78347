package emulator

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	_ "embed"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"

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
	signer    jose.Signer // safe for concurrent use
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
	if algorithm == policy.ES256 {
		private, err := ecdsaKey(seed, lineage)
		if err != nil {
			return nil, err
		}
		return newSigningKey(jose.ES256, private, private.Public())
	}
	if k.taken < poolSize {
		private, err := pooledKey((k.first + k.taken) % poolSize)
		if err != nil {
			return nil, err
		}
		k.taken++
		return newSigningKey(jose.RS256, private, private.Public())
	}
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("generate RSA key: %w", err)
	}
	return newSigningKey(jose.RS256, private, private.Public())
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
func ecdsaKey(seed uint64, lineage string) (*ecdsa.PrivateKey, error) {
	var err error
	for n := range 8 { // a scalar outside the group has a chance of 2^-32
		scalar := derive(seed, fmt.Sprintf("es256/%d/%s", n, lineage))
		var private *ecdsa.PrivateKey
		if private, err = ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:]); err == nil {
			return private, nil
		}
	}
	return nil, fmt.Errorf("derive ECDSA key: %w", err)
}

func newSigningKey(algorithm jose.SignatureAlgorithm, private, public any) (*signingKey, error) {
	jwk := jose.JSONWebKey{Key: public, Algorithm: string(algorithm), Use: "sig"}
	thumbprint, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("thumbprint of signing key: %w", err)
	}
	jwk.KeyID = "SK" + base64.RawURLEncoding.EncodeToString(thumbprint)
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: private, KeyID: jwk.KeyID}},
		(&jose.SignerOptions{}).WithType("JWT"),
	)
	if err != nil {
		return nil, fmt.Errorf("signer: %w", err)
	}
	return &signingKey{algorithm: algorithm, public: jwk, signer: signer}, nil
}
