package emulator

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
	"testing"
)

// Numbers of few bytes and those with the highest bit set are written in DER with
// fewer and more bytes than a JWS has.
func TestFixedWidth(t *testing.T) {
	t.Parallel()
	const width = 32
	high := new(big.Int).Lsh(big.NewInt(1), 8*width-1)
	for _, r := range []*big.Int{big.NewInt(0), big.NewInt(1), big.NewInt(200), high, new(big.Int).Sub(high, big.NewInt(1))} {
		for _, s := range []*big.Int{big.NewInt(7), high} {
			der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
			if err != nil {
				t.Fatal(err)
			}
			got, err := fixedWidth(der, width)
			want := append(r.FillBytes(make([]byte, width)), s.FillBytes(make([]byte, width))...)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s, %s: %x, %v, want %x", r, s, got, err, want)
			}
			for cut := range der {
				if _, err := fixedWidth(der[:cut], width); err == nil {
					t.Errorf("%x is taken", der[:cut])
				}
			}
			if _, err := fixedWidth(append(der, 0), width); err == nil {
				t.Error("a byte behind the sequence is taken")
			}
			if _, err := fixedWidth(der, 4); err == nil && len(r.Bytes())+len(s.Bytes()) > 8 {
				t.Error("numbers of too many bytes are taken")
			}
		}
	}
}

func FuzzFixedWidth(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	digest := sha256.Sum256([]byte("text"))
	der, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(der)
	f.Add([]byte{0x30, 4, 2, 0, 2, 0})
	f.Fuzz(func(t *testing.T, der []byte) {
		if out, err := fixedWidth(der, 32); err == nil && len(out) != 64 {
			t.Errorf("%d bytes, want 64", len(out))
		}
	})
}
