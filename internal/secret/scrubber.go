package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// MinLength is the length in bytes from which a value is scrubbed. A shorter one
// would blank ordinary text and is protected by its type alone.
const MinLength = 4

// maxPasses bounds how often a text is gone through. One that is not clean by then
// was made to be costly, and is masked whole.
const maxPasses = 16

// jwt finds compact JSON web tokens: they are secret wherever they came from.
var jwt = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*)?`)
})

// A Scrubber replaces known secrets in text by [Mask]: as they are, and as JSON,
// URLs, hexadecimal and base64 carry them. JSON web tokens are replaced as well,
// known or not. A Scrubber is immutable and safe for concurrent use. The nil
// Scrubber knows no value.
type Scrubber struct {
	// forms lists what is looked for, those of whom it was made from as well: a
	// secret that lies within another must not leave the rest of it behind.
	forms    func() []string
	replacer func() *strings.Replacer
}

// NewScrubber makes a scrubber of values. Those shorter than [MinLength] are left out.
func NewScrubber(values ...string) *Scrubber { return (*Scrubber)(nil).With(values...) }

// With makes a scrubber that knows values as well as those of s. The forms are
// made at the first use, so an unused scrubber costs next to nothing.
func (s *Scrubber) With(values ...string) *Scrubber {
	values = slices.Clone(values)
	all := sync.OnceValue(func() []string {
		var all []string
		if s != nil {
			all = slices.Clone(s.forms())
		}
		for _, v := range values {
			if len(v) >= MinLength {
				all = append(all, forms(v)...)
			}
		}
		return all
	})
	return &Scrubber{forms: all, replacer: sync.OnceValue(func() *strings.Replacer { return newReplacer(all()) })}
}

// Scrub gives text without the secrets that s knows.
func (s *Scrubber) Scrub(text string) string {
	// What stands round a mask may form a secret anew, of asterisks for example.
	for range maxPasses {
		before := text
		if s != nil {
			text = s.replacer().Replace(text)
		}
		if text = jwt().ReplaceAllString(text, Mask); text == before {
			return text
		}
	}
	return Mask
}

func newReplacer(forms []string) *strings.Replacer {
	forms = slices.Clone(forms)
	// The longest form first: a replacer takes the first that matches at a place.
	slices.SortFunc(forms, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	pairs := make([]string, 0, 2*len(forms))
	for _, f := range slices.Compact(forms) {
		pairs = append(pairs, f, Mask)
	}
	return strings.NewReplacer(pairs...)
}

// forms lists the ways in which v may stand in text, each at least MinLength long.
func forms(v string) []string {
	inHex := hex.EncodeToString([]byte(v))
	out := []string{v, inHex, strings.ToUpper(inHex), unquote(strconv.Quote(v)), unquote(strconv.QuoteToASCII(v))}
	for _, inside := range jsonForms(v) {
		// A target that quotes a JSON request in its JSON answer escapes it twice.
		out = append(append(out, inside), jsonForms(inside)...)
	}
	for _, escaped := range []string{url.QueryEscape(v), url.PathEscape(v)} {
		out = append(out, escaped, percent().ReplaceAllStringFunc(escaped, strings.ToLower))
	}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for _, f := range embedded(enc, v) {
			escaped := url.QueryEscape(f)
			out = append(out, f, escaped, percent().ReplaceAllStringFunc(escaped, strings.ToLower))
		}
	}
	return slices.DeleteFunc(out, func(f string) bool { return len(f) < MinLength })
}

// percent finds the escapes of a URL, which some write in lower case.
var percent = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`%[0-9A-F]{2}`) })

// jsonForms gives v inside a JSON string, with and without the escapes for HTML.
func jsonForms(v string) []string {
	var out []string
	for _, html := range []bool{true, false} {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(html)
		if err := e.Encode(v); err == nil {
			out = append(out, unquote(strings.TrimSuffix(b.String(), "\n")))
		}
	}
	return out
}

func unquote(s string) string { return s[1 : len(s)-1] }

// embedded gives the characters that v is sure to produce inside a longer base64
// text, for each of the three places at which it can start in a group of bytes.
func embedded(enc *base64.Encoding, v string) []string {
	var out []string
	for shift := range 3 {
		padded := make([]byte, shift+len(v))
		copy(padded[shift:], v)
		text := enc.EncodeToString(padded)
		first := (shift*8 + 5) / 6       // characters that hold bits of what stands before
		last := (shift + len(v)) * 8 / 6 // characters wholly made of known bits
		if first < last {
			out = append(out, text[first:last])
		}
	}
	return append(out, enc.EncodeToString([]byte(v)))
}
