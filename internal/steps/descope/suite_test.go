package descope_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/descope"
	"github.com/authbench/authbench/internal/steps/stepstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// signed makes a compact JWS over payload with a fresh key and this key ID.
func signed(t *testing.T, key *ecdsa.PrivateKey, kid, payload string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := signer.Sign([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	compact, err := s.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sample gives a value for an argument: secrets hold the canary.
func sample(t *testing.T, a steps.Arg) (cty.Value, bool) {
	t.Helper()
	switch {
	case a.Name == "bearer" || a.Name == "user_id":
		return cty.NilVal, false
	case a.Name == "session_jwt":
		return cty.StringVal(signed(t, newKey(t), "k1", `{"iss":"`+stepstest.Canary+`"}`)), true
	case a.Name == "expires_in":
		return cty.StringVal("90s"), true
	case a.Name == "user_tenants":
		return cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"tenant_id": cty.StringVal("T1")})}), true
	case a.Name == "sort":
		return cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"field": cty.StringVal("name"), "desc": cty.True})}), true
	case a.Name == "login_options":
		return cty.ObjectVal(map[string]cty.Value{"locale": cty.StringVal("de")}), true
	case a.Name == "user":
		return cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("Ada")}), true
	case a.Default != cty.NilVal || a.Duration || len(a.OneOf) > 0:
		return cty.NilVal, false
	case a.Type == cty.DynamicPseudoType:
		return cty.ObjectVal(map[string]cty.Value{"a": cty.StringVal("b")}), true
	case a.Type == cty.String && a.Sensitive:
		return cty.StringVal("a." + stepstest.Canary + ".c"), true
	case a.Type == cty.String:
		return cty.StringVal("x"), true
	}
	return cty.NilVal, false
}

func TestEveryKind(t *testing.T) {
	t.Parallel()
	for _, k := range descope.Kinds() {
		args := steps.NewArgs(k.Args)
		for i, a := range k.Args {
			if v, ok := sample(t, a); ok {
				args.SetAt(i, eval.Of(v))
			}
		}
		stepstest.Run(t, stepstest.Case{Kind: k, Args: args, Env: func(t *testing.T, c client.Client, url string) *steps.Env {
			conn, err := descope.Provider().Connect(c, steps.ArgsOf(map[string]cty.Value{
				"base_url": cty.StringVal(url), "project_id": cty.StringVal("P1"), "management_key": cty.StringVal(stepstest.Canary),
			}))
			if err != nil {
				t.Fatal(err)
			}
			return &steps.Env{Conn: conn}
		}})
	}
}
