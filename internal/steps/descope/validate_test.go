package descope_test

import (
	"crypto/ecdsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/descope"
)

// issuer is a service that publishes keys and nothing else.
type issuer struct {
	key     *ecdsa.PrivateKey
	fetches atomic.Int32
	conn    any
	kind    *steps.Kind
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{key: newKey(t)}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v2/keys/P1" {
			http.NotFound(w, r)
			return
		}
		i.fetches.Add(1)
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{
			map[string]string{"kty": "unknown", "kid": "k0"},
			jose.JSONWebKey{Key: []byte("a shared secret, which is no public key"), KeyID: "hmac"},
			jose.JSONWebKey{Key: i.key.Public(), KeyID: "k1", Algorithm: "ES256", Use: "sig"},
			jose.JSONWebKey{Key: i.key.Public(), KeyID: "k2", Algorithm: "ES256", Use: "enc"},
		}})
	}))
	c, err := client.New(client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); s.Close() })
	if i.conn, err = descope.Provider().Connect(c, steps.ArgsOf(map[string]cty.Value{"base_url": cty.StringVal(s.URL), "project_id": cty.StringVal("P1")})); err != nil {
		t.Fatal(err)
	}
	for _, k := range descope.Kinds() {
		if k.Name == "descope_session_validate" {
			i.kind = k
		}
	}
	return i
}

func (i *issuer) validate(t *testing.T, token, leeway string) steps.Reply {
	t.Helper()
	return i.kind.Run(t.Context(), &steps.Env{Conn: i.conn}, steps.ArgsOf(map[string]cty.Value{"session_jwt": cty.StringVal(token), "leeway": cty.StringVal(leeway)}))
}

func TestValidateChecks(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	now := time.Now().Unix()
	claims := func(more string) string {
		return fmt.Sprintf(`{"iss":"P1","drn":"DS","sub":"U1","iat":%d,"exp":%d%s}`, now, now+600, more)
	}
	good := signed(t, i.key, "k1", claims(""))
	hmac, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: jose.JSONWebKey{Key: []byte("a shared secret, which is no public key"), KeyID: "hmac"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := hmac.Sign([]byte(claims("")))
	if err != nil {
		t.Fatal(err)
	}
	sharedToken, err := shared.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(good, ".")
	tests := []struct{ name, token, leeway, wrong string }{
		{"good", good, "5s", ""},
		{"issuer as URL", signed(t, i.key, "k1", claims(`,"iss":"https://api.example.test/P1"`)), "5s", ""},
		{"expired within the leeway", signed(t, i.key, "k1", claims(fmt.Sprintf(`,"exp":%d`, now-3))), "60s", ""},
		{"expired", signed(t, i.key, "k1", claims(fmt.Sprintf(`,"exp":%d`, now-60))), "5s", "exp"},
		{"no expiry", signed(t, i.key, "k1", claims(`,"exp":null`)), "5s", "exp"},
		{"expiry as text", signed(t, i.key, "k1", claims(`,"exp":"tomorrow"`)), "5s", "exp"},
		{"not yet", signed(t, i.key, "k1", claims(fmt.Sprintf(`,"nbf":%d`, now+3600))), "5s", "nbf"},
		{"from the future", signed(t, i.key, "k1", claims(fmt.Sprintf(`,"iat":%d`, now+3600))), "5s", "iat"},
		{"another issuer", signed(t, i.key, "k1", claims(`,"iss":"P2"`)), "5s", "iss"},
		{"issuer that ends alike", signed(t, i.key, "k1", claims(`,"iss":"https://evil.test/xP1"`)), "5s", "iss"},
		{"refresh JWT", signed(t, i.key, "k1", claims(`,"drn":"DSR"`)), "5s", "drn"},
		{"another key", signed(t, newKey(t), "k1", claims("")), "5s", "signature"},
		{"key for encryption", signed(t, i.key, "k2", claims("")), "5s", "key"},
		{"unknown key", signed(t, i.key, "k9", claims("")), "5s", "key"},
		{"no key", signed(t, i.key, "", claims("")), "5s", "key"},
		{"shared secret", sharedToken, "5s", "format"},
		{"no signature", "eyJhbGciOiJub25lIiwia2lkIjoiazEifQ." + parts[1] + ".", "5s", "format"},
		{"changed claims", parts[0] + "." + parts[1] + "x." + parts[2], "5s", "signature"},
		{"claims that are a list", signed(t, i.key, "k1", "[]"), "5s", "claims"},
		{"garbage", "garbage", "5s", "format"},
		{"empty", "", "5s", "format"},
	}
	for _, tt := range tests {
		r := i.validate(t, tt.token, tt.leeway)
		if tt.wrong == "" {
			if !r.OK {
				t.Errorf("%s: %s", tt.name, r.Message)
			}
			continue
		}
		if r.OK || r.Unjudged || r.Reason != result.ReasonTokenInvalid || !strings.Contains(r.Message, "not valid: "+tt.wrong+":") {
			t.Errorf("%s: ok %v, reason %s, %q, want the check %s to fail", tt.name, r.OK, r.Reason, r.Message, tt.wrong)
		}
	}
	r := i.validate(t, good, "5s")
	equal(t, "claims.sub", get(r.Values, "claims", "sub"), text("U1"))
	equal(t, "header.kid", get(r.Values, "header", "kid"), text("k1"))
}

func TestKeysAreFetchedOnce(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	now := time.Now().Unix()
	good := signed(t, i.key, "k1", fmt.Sprintf(`{"iss":"P1","drn":"DS","exp":%d}`, now+600))
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			if r := i.validate(t, good, "5s"); !r.OK {
				t.Error(r.Message)
			}
		})
	}
	wg.Wait()
	if got := i.fetches.Load(); got != 1 {
		t.Errorf("%d fetches for 32 validations, want 1", got)
	}
	// Made-up key IDs cost a fetch a second at most, however many there are.
	start := time.Now()
	for n := range 50 {
		i.validate(t, signed(t, i.key, fmt.Sprint("made-up-", n), `{}`), "5s")
	}
	if got, most := i.fetches.Load(), 2+int32(time.Since(start)/time.Second)+1; got > most {
		t.Errorf("%d fetches after 50 unknown keys, want %d at most", got, most)
	}
}
