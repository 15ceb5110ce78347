package emulator

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

type inner struct {
	Flag bool           `json:"flag"`
	Free map[string]any `json:"free"`
}

type Embedded struct {
	LoginID string `json:"loginId"`
}

type outer struct {
	Embedded
	URI  string  `json:"URI"`
	One  *inner  `json:"one"`
	Many []inner `json:"many"`
}

func TestNamesAreExact(t *testing.T) {
	t.Parallel()
	var cache nameCache
	for _, tt := range []struct{ in, want string }{
		{`{}`, `{}`},
		{` null `, ` null `},
		{`[]`, `[]`},
		{`5`, `5`},
		{`{"loginId":"a","LOGINID":"b","loginid":"c"}`, `{"loginId":"a","_______":"b","_______":"c"}`},
		{`{ "uri" : "x" , "URI" : "y" }`, `{ "___" : "x" , "URI" : "y" }`},
		{`{"one":{"FLAG":true,"flag":false,"free":{"FLAG":1,"any":{"Free":2}}}}`, `{"one":{"____":true,"flag":false,"free":{"FLAG":1,"any":{"Free":2}}}}`},
		{`{"many":[{"Flag":true},{"flag":true}]}`, `{"many":[{"____":true},{"flag":true}]}`},
		{`{"one":[{"flag":{"flag":1}}]}`, `{"one":[{"flag":{"flag":1}}]}`},
		{`{"else":{"loginId":"a\"}{"},"login\u0049d":"x","LOGIN\u0049D":"\\"}`, `{"____":{"loginId":"a\"}{"},"login\u0049d":"x","____________":"\\"}`},
		{`{"":1,"e":-1.5e3 ,"f":true}`, `{"":1,"_":-1.5e3 ,"_":true}`},
	} {
		if !json.Valid([]byte(tt.in)) {
			t.Fatalf("%s is no JSON", tt.in)
		}
		body := []byte(tt.in)
		if _, twice := cache.of(&outer{}).hideOthers(body); twice {
			t.Errorf("%s is said to have a name twice", tt.in)
		}
		if diff := cmp.Diff(string(body), tt.want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", tt.in, diff)
		}
	}
}

func TestNamesStandOnce(t *testing.T) {
	t.Parallel()
	var cache nameCache
	for in, want := range map[string]bool{
		`{"loginId":"a","loginId":"a"}`:                                true,
		`{"loginId":null,"URI":"x","loginId":"a"}`:                     true,
		`{"loginId":"a","login\u0049d":"b"}`:                           true,
		`{"else":1,"else":2}`:                                          true,
		`{"\n":1,"\u000a":2}`:                                          true,
		`{"":1,"":2}`:                                                  true,
		`{"one":{"flag":true,"flag":true}}`:                            true,
		`{"one":{"free":{"a":[{"b":1,"c":2,"b":3}]}}}`:                 true,
		`{"many":[{"flag":true},{"free":{},"flag":true,"free":null}]}`: true,
		`{"else":[{"a":{"b":1,"b":1}}]}`:                               true,
		`[{"a":1,"a":2}]`:                                              true,
		`{"else":1,"eLse":2,"el\\u0073e":3,"____":4}`:                  false,
		`{"one":{"flag":true},"many":[{"flag":true},{"flag":true}]}`:   false,
		`{"loginId":{"loginId":{"loginId":"loginId"}}}`:                false,
		`{"one":{"free":{"flag":{"flag":1}}},"flag":["flag","flag"]}`:  false,
	} {
		if !json.Valid([]byte(in)) {
			t.Fatalf("%s is no JSON", in)
		}
		if _, got := cache.of(&outer{}).hideOthers([]byte(in)); got != want {
			t.Errorf("%s has a name twice: %v, want %v", in, got, want)
		}
	}
}

func TestFieldPath(t *testing.T) {
	t.Parallel()
	var cache nameCache
	n := cache.of(&outer{})
	for place, want := range map[string]string{
		"Embedded.loginId": "loginId", "one.flag": "one.flag", "many.flag": "many.flag", "URI": "URI", "one.free.x": "one.free", "": "",
	} {
		if got := n.path(place); got != want {
			t.Errorf("path(%q) = %q, want %q", place, got, want)
		}
	}
}

func FuzzNamesAreExact(f *testing.F) {
	f.Add([]byte(`{"LOGINID":"a","one":{"Flag":true,"free":{"a":[1,"\\\""]}},"many":[{},null]}`))
	f.Add([]byte(`{"a":{"b":[{"\u0063":1,"c":2}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if !utf8.Valid(body) || !json.Valid(body) {
			t.Skip()
		}
		want := hasTwice(t, body)
		var cache nameCache
		if _, got := cache.of(&outer{}).hideOthers(body); got != want {
			t.Errorf("%q has a name twice: %v, want %v", body, got, want)
		}
		if !json.Valid(body) {
			t.Errorf("%q is JSON no more", body)
		}
	})
}

// hasTwice is what the decoder's own tokens say of a valid document.
func hasTwice(t *testing.T, body []byte) bool {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value func() bool
	value = func() bool {
		token, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		open, isOpen := token.(json.Delim)
		if !isOpen {
			return false
		}
		twice, names := false, map[string]bool{}
		for d.More() {
			if open == '{' {
				name, err := d.Token()
				if err != nil {
					t.Fatal(err)
				}
				twice = twice || names[name.(string)]
				names[name.(string)] = true
			}
			twice = value() || twice
		}
		if _, err := d.Token(); err != nil {
			t.Fatal(err)
		}
		return twice
	}
	return value()
}
