package secret_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/authbench/authbench/internal/secret"
)

// awkward holds what every encoding writes differently.
const awkward = `p+a/s s"w<o&r>d?\é%` + "\x01ÿ"

func jsonText(t testing.TB, v string) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestScrubFindsEveryForm(t *testing.T) {
	t.Parallel()
	for _, value := range []string{canary, awkward, "1234", "123456", strings.Repeat("long ", 50)} {
		s := secret.NewScrubber("another secret", value)
		tests := map[string]string{
			"raw":              "x" + value + "y",
			"JSON":             jsonText(t, "x"+value+"y"),
			"JSON, plain HTML": strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(jsonText(t, value)),
			"quoted":           fmt.Sprintf("%q", value),
			"quoted ASCII":     strconv.QuoteToASCII(value),
			"query":            "a=" + url.QueryEscape(value) + "&b=c",
			"query lower":      "a=" + lowerPercent(url.QueryEscape(value)) + "&b=c",
			"path":             "/x/" + url.PathEscape(value) + "/y",
			"hex":              "0x" + hex.EncodeToString([]byte(value)),
			"HEX":              "0x" + strings.ToUpper(hex.EncodeToString([]byte(value))),
		}
		for name, text := range tests {
			got := s.Scrub(text)
			if !strings.Contains(got, secret.Mask) || len(got) > len(text)-min(len(value), 4)+len(secret.Mask) {
				t.Errorf("%s: %q became %q", name, text, got)
			}
			if strings.Contains(got, value) {
				t.Errorf("%s: %q is left", name, got)
			}
		}
	}
}

func lowerPercent(s string) string {
	out := []byte(s)
	for i := 0; i+2 < len(out); i++ {
		if out[i] == '%' {
			copy(out[i+1:i+3], strings.ToLower(s[i+1:i+3]))
		}
	}
	return string(out)
}

func TestScrubFindsBase64AtEveryPlace(t *testing.T) {
	t.Parallel()
	encodings := map[string]*base64.Encoding{
		"std": base64.StdEncoding, "raw": base64.RawStdEncoding, "url": base64.URLEncoding, "raw url": base64.RawURLEncoding,
	}
	for _, value := range []string{canary, awkward, "1234", "\xff\xfe\xfd\xfc\xfb\xfa"} {
		s := secret.NewScrubber(value)
		for name, enc := range encodings {
			for before := range 4 {
				for after := range 4 {
					text := enc.EncodeToString([]byte(strings.Repeat("<", before) + value + strings.Repeat(">", after)))
					for _, t2 := range []string{text, url.QueryEscape(text)} {
						got := s.Scrub(t2)
						// What may be left is at most the characters that also hold bits of the
						// neighbours: less than two bytes of the secret.
						if !strings.Contains(got, secret.Mask) {
							t.Errorf("%s, %d before, %d after: %s became %s", name, before, after, t2, got)
						}
					}
				}
			}
		}
	}
}

func TestScrubLeavesTheRest(t *testing.T) {
	t.Parallel()
	s := secret.NewScrubber(canary, "abc", "")
	for text, want := range map[string]string{
		"":                                   "",
		"abc abcd":                           "abc abcd", // too short to be told from ordinary text
		"phone +15555550101, 200":            "phone +15555550101, 200",
		"a " + canary + " b " + canary + "!": "a *** b ***!",
		"jwt eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJVMSJ9.c2ln, known not": "jwt ***, known not",
		"Bearer P1:eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJVMSJ9.":          "Bearer P1:***",
	} {
		if got := s.Scrub(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	var none *secret.Scrubber
	if got, want := none.Scrub("x eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJVMSJ9.c2ln"), "x ***"; got != want {
		t.Errorf("nil scrubber gave %q, want %q", got, want)
	}
}

func TestScrubberKnowsItsParentsSecrets(t *testing.T) {
	t.Parallel()
	parent := secret.NewScrubber("first-secret")
	child := parent.With("second-secret", "third")
	if got, want := child.Scrub("first-secret second-secret third"), "*** *** ***"; got != want {
		t.Errorf("child gave %q, want %q", got, want)
	}
	if got, want := parent.Scrub("first-secret second-secret"), "*** second-secret"; got != want {
		t.Errorf("parent gave %q, want %q", got, want)
	}
}

func FuzzScrub(f *testing.F) {
	f.Add("x", canary, "y")
	f.Add("*", "****", "*")
	f.Add("ey", "JhbGci", ".a.b")
	f.Add("%", awkward, "=")
	f.Add("a", "aaaa", "aaa")
	f.Fuzz(func(t *testing.T, before, value, after string) {
		if len(value) < secret.MinLength {
			return
		}
		s := secret.NewScrubber("known already", value)
		plain := before + value + after
		forms := []string{value, hex.EncodeToString([]byte(value)), url.QueryEscape(value), url.PathEscape(value)}
		texts := []string{
			plain, hex.EncodeToString([]byte(plain)), url.QueryEscape(plain), url.PathEscape(plain),
			base64.StdEncoding.EncodeToString([]byte(plain)), base64.RawURLEncoding.EncodeToString([]byte(plain)),
		}
		if utf8.ValidString(before) && utf8.ValidString(value) && utf8.ValidString(after) {
			quoted := jsonText(t, value)
			forms = append(forms, quoted[1:len(quoted)-1], fmt.Sprintf("%q", value)[1:len(fmt.Sprintf("%q", value))-1])
			texts = append(texts, jsonText(t, plain), fmt.Sprintf("%q", plain))
		}
		for _, text := range texts {
			got := s.Scrub(text)
			for _, form := range forms {
				if strings.Contains(got, form) {
					t.Errorf("%q became %q, which holds %q", text, got, form)
				}
			}
			if again := s.Scrub(got); again != got {
				t.Errorf("%q became %q, and then %q", text, got, again)
			}
			// No base64 of the secret, whatever it starts after.
			for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				if whole := enc.EncodeToString([]byte(value)); strings.Contains(got, whole) {
					t.Errorf("%q became %q, which holds %q", text, got, whole)
				}
			}
		}
	})
}

func BenchmarkScrub(b *testing.B) {
	s := secret.NewScrubber(canary, awkward)
	text := strings.Repeat(`{"loginId":"+15555550101","ok":true}`, 50)
	s.Scrub(text)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.Scrub(text)
	}
}

func TestScrubOfNestedSecrets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ outer, inner string }{{"left-123456-right", "123456"}, {"123456", "left-123456-right"}} {
		got := secret.NewScrubber(c.outer).With(c.inner).Scrub("a left-123456-right b")
		if want := "a " + secret.Mask + " b"; got != want {
			t.Errorf("%s in %s: got %q, want %q", c.inner, c.outer, got, want)
		}
	}
}
