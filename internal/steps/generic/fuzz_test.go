package generic

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// FuzzExtract takes arbitrary bodies apart by arbitrary patterns.
func FuzzExtract(f *testing.F) {
	f.Add(`[?&]t=([A-Za-z0-9._-]+)`, "https://x.test/?t=abc&t=def")
	f.Add(`\b([0-9]{6})\b`, "123456 is your code")
	f.Add(`()`, "")
	f.Add(`(a+)+`, "aaaa")
	f.Add("(\xff)", "\xff")
	f.Fuzz(func(t *testing.T, pattern, body string) {
		v, err := extract(map[string]string{"x": pattern}, body)
		if err != nil {
			if v != cty.NilVal {
				t.Error("a value beside an error")
			}
			return
		}
		if got := v.GetAttr("x"); got.Type() != cty.String || got.IsNull() {
			t.Errorf("extracted %#v", got)
		}
	})
}
