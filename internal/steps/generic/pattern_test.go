package generic

import (
	"slices"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/steps"
)

type search struct {
	pattern, body string
	skips         bool
}

func searches() []search {
	return []search{
		{`[?&]t=([^&#\s]+)`, "https://x.test/?t=abc&t=def&t=abc ?t=", true},
		{`code: ([0-9]+)`, "your code: 1, code: 22", true},
		{`(?i)t=(a)`, "T=A t=a", true},
		{`([0-9]{6}|k)`, "12345 123456 k", true},
		{`(a)|b`, "b a b", true},
		{`(é|\xff|x)`, "aé x \xff\xc3 é", true},
		{`(?:)(a)`, "ba", true},
		{`([^a])`, "aéa\xffa", true},
		{`(.)b`, "\nb\xc3b", true},
		{`(ſ)`, "s ſ", true},
		{`(?i)(s)`, "s ſ K k", true},
		{`\b([0-9]{6})\b`, "a123456 123456", false},
		{`^(a)`, "aa", false},
		{`(a)$`, "aa", false},
		{`(a*)`, "baac", false},
		{`()`, "ab", false},
		{`(?m)^(a)`, "a\na", false},
		{`[^\x00-\x{10FFFF}](a)`, "a", true},
	}
}

func same(t *testing.T, text, body string) *pattern {
	t.Helper()
	re, err := compile(text)
	if err != nil {
		return nil
	}
	p := newPattern(re)
	if got, want := p.texts(nil, body), p.search(nil, body); !slices.Equal(got, want) {
		t.Errorf("%q in %q: %q, want %q", text, body, got, want)
	}
	return p
}

func TestTexts(t *testing.T) {
	t.Parallel()
	for _, s := range searches() {
		p := same(t, s.pattern, s.body)
		if p == nil {
			t.Fatalf("%q does not compile", s.pattern)
		}
		if (p.begins != nil) != s.skips {
			t.Errorf("%q skips: %v, want %v", s.pattern, p.begins != nil, s.skips)
		}
	}
}

func FuzzTexts(f *testing.F) {
	for _, s := range searches() {
		f.Add(s.pattern, s.body)
	}
	f.Fuzz(func(t *testing.T, pattern, body string) { same(t, pattern, body) })
}

// One kind serves steps with maps of their own: none may get the patterns of another.
func TestWishes(t *testing.T) {
	t.Parallel()
	text := cty.StringVal
	maps := []map[string]cty.Value{
		{"a": text("(1)")}, {"a": text("(2)")}, {"b": text("(1)")}, {"a": text("(1)"), "b": text("(2)")},
		{"a": text("(1)"), "c": cty.NullVal(cty.String)}, {"a": text("(3)")}, {"a": text("(4)"), "b": text("(1)")},
	}
	var p patterns
	for range 3 {
		for _, m := range maps {
			for range 2 {
				got, err := p.extract(nil, cty.MapVal(m), "1 2 3 4")
				if err != nil {
					t.Fatal(err)
				}
				for _, g := range got {
					if want := m[g.name].AsString(); "("+g.text+")" != want {
						t.Errorf("%s is %q, want what %s finds", g.name, g.text, want)
					}
				}
				if n := len(m); m["c"] == cty.NilVal && len(got) != n || m["c"] != cty.NilVal && len(got) != n-1 {
					t.Errorf("%d parts of %d", len(got), n)
				}
				var a steps.Args
				a.Set("extract", eval.Of(cty.MapVal(m)))
				if problems := p.check(a); len(problems) > 0 {
					t.Errorf("problems %+v", problems)
				}
			}
		}
	}
	if n := len(*p.wishes.Load()); n > maxWishes {
		t.Errorf("%d are kept", n)
	}
	for _, v := range []cty.Value{
		cty.NullVal(cty.Map(cty.String)), cty.UnknownVal(cty.Map(cty.String)), cty.EmptyObjectVal, cty.DynamicVal,
		cty.MapVal(map[string]cty.Value{"a": cty.UnknownVal(cty.String), "b": text("(1)")}),
		cty.MapVal(map[string]cty.Value{"a": text("(3)").Mark("m")}),
		cty.MapVal(map[string]cty.Value{"a": text("(3)")}).Mark("m"),
	} {
		if p.known(v) != nil {
			t.Errorf("%#v is known", v)
		}
	}
}

func BenchmarkExtract(b *testing.B) {
	wanted := cty.MapVal(map[string]cty.Value{"token": cty.StringVal(`[?&]t=([^&#\s]+)`)})
	const body = "Follow this link to sign in: https://app.example.test/verify?t=t0ken-t0ken-t0ken-t0ken-t0ken-t0ken\n\nIt is valid for five minutes."
	var p patterns
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.extract(nil, wanted, body); err != nil {
			b.Fatal(err)
		}
	}
}
