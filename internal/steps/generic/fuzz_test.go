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
		var kept patterns
		parts, err := kept.extract(nil, cty.MapVal(map[string]cty.Value{"x": cty.StringVal(pattern)}), body)
		switch {
		case err != nil && parts != nil:
			t.Error("parts beside an error")
		case err == nil && (len(parts) != 1 || parts[0].name != "x"):
			t.Errorf("extracted %+v", parts)
		}
	})
}
