package descope

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/steps"
)

// reading is a way to read an answer, and the decoder that it is held against.
type reading struct {
	read   func(answer) (outcome, error)
	decode func(answer) (steps.Values, error)
	names  []string
}

func readings() map[string]reading {
	names := func(attrs []steps.Attr) (out []string) {
		for _, a := range attrs {
			out = append(out, a.Name)
		}
		return append(out, "nope")
	}
	auth := func(refresh bool) func(answer) (steps.Values, error) {
		return func(a answer) (steps.Values, error) { out, err := decodeAuth(a, refresh); return out.values, err }
	}
	masked := func(a answer) (steps.Values, error) { return decodeMasked(a) }
	created := func(a answer) (steps.Values, error) { return decodeCreated(a) }
	return map[string]reading{
		"session":  {readSession, auth(true), names(authResults)},
		"refresh":  {readRefresh, auth(false), names(authResults)},
		"otp":      {readMasked, masked, names(otpResults)},
		"link":     {readMaskedLink, masked, names(maskedResults)},
		"embedded": {readEmbedded, func(a answer) (steps.Values, error) { out, err := decodeEmbedded(a); return out.values, err }, []string{"token", "masked_phone", "masked_email"}},
		"me":       {readMe, func(a answer) (steps.Values, error) { out, err := decodeMe(a); return out.values, err }, []string{"user", "nope"}},
		"user":     {readUser, created, []string{"user"}},
		"created":  {readCreated, created, []string{"user", "created"}},
		"any":      {readAnything, func(a answer) (steps.Values, error) { return steps.Fixed(nil), decode(a.body, new(any)) }, nil},
	}
}

// holds compares what was skimmed with what was decoded: every result as a whole, and
// every path below it.
func holds(t *testing.T, name string, r reading, a answer) {
	t.Helper()
	out, err := r.read(a)
	want, wrong := r.decode(a)
	if (err == nil) != (wrong == nil) || err != nil && err.Error() != wrong.Error() {
		t.Fatalf("%s: error %v, want %v", name, err, wrong)
	}
	if err != nil {
		return
	}
	for _, result := range r.names {
		w := want.Value(result)
		below(t, name, result, out.values, nil, w)
		var got cty.Value
		if got = out.values.Value(result); (got == cty.NilVal) != (w == cty.NilVal) || got != cty.NilVal && !got.RawEquals(w) {
			t.Fatalf("%s: %s is %#v, want %#v", name, result, got, w)
		}
	}
}

func below(t *testing.T, name, result string, v steps.Values, path []string, want cty.Value) {
	t.Helper()
	if got, ok := v.At(result, path); ok {
		switch {
		case want == cty.NilVal:
			if !got.IsAbsent() {
				t.Fatalf("%s: %s.%s is %#v, want nothing", name, result, strings.Join(path, "."), got.Cty())
			}
		case want.IsNull():
			if got.IsAbsent() || !got.IsNull() {
				t.Fatalf("%s: %s.%s is %#v, want null", name, result, strings.Join(path, "."), got.Cty())
			}
		case !got.Cty().RawEquals(want):
			t.Fatalf("%s: %s.%s is %#v, want %#v", name, result, strings.Join(path, "."), got.Cty(), want)
		}
	} else if result == "user" && want != cty.NilVal && want.Type() == cty.String && (len(path) == 1 || path[0] != "user_tenants") {
		t.Errorf("%s: %s.%s is not cheap", name, result, strings.Join(path, "."))
	}
	path = slices.Clip(path)
	if want != cty.NilVal && !want.IsNull() && want.CanIterateElements() && !want.Type().IsObjectType() && !want.Type().IsMapType() {
		for i, element := range want.AsValueSlice() {
			below(t, name, result, v, append(path, strconv.Itoa(i)), element)
		}
		for _, other := range []string{strconv.Itoa(want.LengthInt()), "-1", "00", "x"} {
			if got, ok := v.At(result, append(path, other)); ok {
				t.Fatalf("%s: %s.%s[%s] is %#v, want what the list as a whole gives", name, result, strings.Join(path, "."), other, got.Cty())
			}
		}
	}
	if want == cty.NilVal || want.IsNull() || !want.Type().IsObjectType() {
		return
	}
	for key := range want.Type().AttributeTypes() {
		below(t, name, result, v, append(path, key), want.GetAttr(key))
	}
	if !want.Type().HasAttribute("nope") {
		below(t, name, result, v, append(path, "nope"), cty.NilVal)
		below(t, name, result, v, append(path, "nope", "deeper"), cty.NilVal)
	}
}

// bodies are usual answers, and unusual ones that encoding/json takes.
func bodies() []string {
	jwt := `eyJhbGciOiJFUzI1NiJ9.eyJpYXQiOjE3NzIzNjU4MDAsImV4cCI6MTc3MjM2NjQwMCwiYSI6eyJiIjpbMSwyLjVdLCJjIjpudWxsfSwiYW1yIjpbInNtcyJdfQ.x`
	user := `{"loginIds":["a","é",null],"userId":"U1","name":"A\u0301da","phone":"+1","verifiedPhone":true,"roleNames":null,` +
		`"userTenants":[{"tenantId":"T","roleNames":["x"]},null],"customAttributes":{"n":12345678901234567890,"f":0.1,"z":-0,"o":{"p":"q"},"l":[1]},"createdTime":7,"TOTP":true,"OAuth":null}`
	return []string{
		`{"sessionJwt":"` + jwt + `","refreshJwt":"` + jwt + `","user":` + user + `,"firstSeen":true,"cookieMaxAge":-3,"sessionExpiration":9,"claims":{"x":1},"idpResponse":{"a":{"b":"c"}}}`,
		`{"sessionJwt":"` + jwt + `","refreshJwt":"x","user":null,"other":[{"a":"b"}]}`,
		`{"SessionJwt":"` + jwt + `","refreshJwt":"","trustedDeviceJwt":"\ud800"}`,
		`{"sessionJwt":"` + jwt + `","sessionJwt":"","refreshJwt":"x"}`,
		`{"sessionJwt":"e30.W10.x","refreshJwt":"x"}`, `{"sessionJwt":"a.b.c.d","refreshJwt":"x"}`,
		`{"maskedPhone":"+1***","verificationAttempts":3,"token":"t","maskedEmail":null}`,
		`{"user":` + user + `,"created":true}`, `{"user":` + user + `,"created":null}`, user, `{"user":{"userId":""}}`, `{"userId":"U1","user":{"userId":"U2"}}`,
		`null`, `{}`, `[]`, ``, `{`, `{"maskedPhone":7}`, `{} {}`, `{"user":{"userId":7}}`, "{\"token\":\"\xff\"}",
	}
}

func TestSkimmedIsDecoded(t *testing.T) {
	t.Parallel()
	for name, r := range readings() {
		for _, body := range bodies() {
			holds(t, name, r, answer{body: []byte(body)})
		}
	}
	usual := answer{body: []byte(bodies()[0])}
	for name, read := range map[string]func(answer) (outcome, error){"session": readSession, "refresh": readRefresh} {
		if out, _ := read(usual); out.lifetimes.Session == 0 {
			t.Errorf("%s: a usual answer has no lifetime", name)
		} else if _, ok := out.values.(*skimmed); !ok {
			t.Errorf("%s: a usual answer is decoded", name)
		}
	}
}

func FuzzSkim(f *testing.F) {
	for _, body := range bodies() {
		f.Add(body, "DS=e30.eyJpYXQiOjEuNSwiZXhwIjoyfQ.x; Path=/")
	}
	f.Fuzz(func(t *testing.T, body, cookie string) {
		a := answer{body: []byte(body), header: client.Header{{Name: "Set-Cookie", Value: cookie}}}
		for name, r := range readings() {
			holds(t, name, r, a)
		}
		slow, err := decodeAuth(a, true)
		if fast, wrong := readSession(a); err == nil && wrong == nil && fast.lifetimes != slow.lifetimes {
			t.Errorf("lifetimes are %+v, want %+v", fast.lifetimes, slow.lifetimes)
		}
	})
}

// FuzzClaims holds the claims of a token against the decoder.
func FuzzClaims(f *testing.F) {
	f.Add(`{"iat":1,"exp":2.5,"a":{"b":[1]},"a":"x"}`)
	f.Add(`{"exp":1e999,"iat":-1,"\u0065xp":5,"K":1,"` + "\u212a" + `":2}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, claims string) {
		token := "e30." + base64url(claims) + ".x"
		holds(t, "session", readings()["session"], answer{body: []byte(`{"sessionJwt":"` + token + `","refreshJwt":"` + token + `"}`)})
	})
}

func base64url(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
