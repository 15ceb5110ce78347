package emulator

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// signer makes the signature of a text in the form a JWS holds it. It is safe for
// concurrent use.
type signer func(text []byte) ([]byte, error)

var errSignature = errors.New("the signature is not two numbers in DER")

// headerOf is the first segment of every token of a key, with its dot.
func headerOf(algorithm, keyID string) (string, error) {
	text, err := json.Marshal(struct {
		Algorithm string `json:"alg"`
		KeyID     string `json:"kid"`
		Type      string `json:"typ"`
	}{algorithm, keyID, "JWT"})
	if err != nil {
		return "", fmt.Errorf("header of tokens: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(text) + ".", nil
}

// token is the compact JWS of the claims.
func (k *signingKey) token(claims []byte) (string, error) {
	room := rooms.Get().(*[]byte)
	text := (*room)[:0]
	text = append(text, k.header...)
	text = base64.RawURLEncoding.AppendEncode(text, claims)
	signature, err := k.sign(text)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	text = append(text, '.')
	text = base64.RawURLEncoding.AppendEncode(text, signature)
	token := string(text)
	lendAgain(room, text)
	return token, nil
}

func rsaSigner(private *rsa.PrivateKey, prepare func()) signer {
	return func(text []byte) ([]byte, error) {
		prepare()
		h := crypto.SHA256.New()
		_, _ = h.Write(text) // never fails
		return rsa.SignPKCS1v15(nil, private, crypto.SHA256, h.Sum(nil))
	}
}

// ecdsaSigner signs as RFC 6979 has it: without a source of randomness the nonce
// comes from the key and the text. It is as safe as a random one, costs a fifth
// less, and the seed decides the tokens too.
func ecdsaSigner(private *ecdsa.PrivateKey, hash crypto.Hash) signer {
	width := (private.Curve.Params().BitSize + 7) / 8
	return func(text []byte) ([]byte, error) {
		h := hash.New()
		_, _ = h.Write(text) // never fails
		der, err := private.Sign(nil, h.Sum(nil), hash)
		if err != nil {
			return nil, err
		}
		return fixedWidth(der, width)
	}
}

func ed25519Signer(private ed25519.PrivateKey) signer {
	return func(text []byte) ([]byte, error) { return ed25519.Sign(private, text), nil }
}

// fixedWidth turns an ECDSA signature in DER into the two numbers of a JWS, each of
// that many bytes.
func fixedWidth(der []byte, width int) ([]byte, error) {
	// A sequence of less than 128 bytes: 0x30, its length, the numbers.
	if len(der) < 2 || der[0] != 0x30 || int(der[1]) != len(der)-2 {
		return nil, errSignature
	}
	rest := der[2:]
	out := make([]byte, 2*width)
	for part := range 2 {
		if len(rest) < 2 || rest[0] != 0x02 || int(rest[1]) > len(rest)-2 {
			return nil, errSignature
		}
		number := rest[2 : 2+int(rest[1])]
		rest = rest[2+len(number):]
		if len(number) > 0 && number[0] == 0 { // keeps it from being read as negative
			number = number[1:]
		}
		if len(number) > width {
			return nil, errSignature
		}
		copy(out[(part+1)*width-len(number):], number)
	}
	if len(rest) > 0 {
		return nil, errSignature
	}
	return out, nil
}
