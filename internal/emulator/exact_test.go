package emulator

import (
	"encoding/json"
	"testing"

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
		cache.of(&outer{}).hideOthers(body)
		if diff := cmp.Diff(string(body), tt.want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", tt.in, diff)
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
	f.Fuzz(func(t *testing.T, body []byte) {
		if !json.Valid(body) {
			t.Skip()
		}
		var cache nameCache
		cache.of(&outer{}).hideOthers(body)
		if !json.Valid(body) {
			t.Errorf("%q is JSON no more", body)
		}
	})
}
