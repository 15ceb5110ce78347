package jsondoc_test

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/jsondoc"
)

type inner struct {
	ID   string   `json:"id"`
	Tags []string `json:"tags"`
}

type outer struct {
	Token string         `json:"token"`
	Count int32          `json:"count,omitempty"`
	Flag  bool           `json:"flag"`
	Maybe *bool          `json:"maybe"`
	One   *inner         `json:"one"`
	Many  []inner        `json:"many"`
	Free  map[string]any `json:"free"`
}

// strict is what encoding/json takes as one whole value.
func strict(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return io.ErrUnexpectedEOF
	}
	return nil
}

const usual = ` {"token":"a.b\u0041\"c","count":-7,"flag":true,"maybe":null,"one":{"id":"x","tags":["é",null]},` +
	`"many":[{"id":"1"},{"tags":[]}],"free":{"a":[1,2.5e3,{"b":null}],"a":1},"other":{"x":[[],{}]}}` + "\n"

func TestUsualTextIsAccepted(t *testing.T) {
	t.Parallel()
	doc, ok := jsondoc.Parse([]byte(usual), jsondoc.ShapeOf[outer]())
	if !ok {
		t.Fatal("refused")
	}
	got := []string{
		doc.Find("token").Text(), string(doc.Find("one").Find("tags").Raw()), string(doc.Get("free").Get("a").Raw()), string(doc.Find("nope").Raw()),
		string(doc.Find("token").Bytes()),
	}
	if diff := cmp.Diff(got, []string{`a.bA"c`, `["é",null]`, "1", "", `a.bA"c`}); diff != "" {
		t.Errorf("values (-got +want):\n%s", diff)
	}
	if n, ok := doc.Find("count").Int(); n != -7 || !ok || !doc.Find("flag").True() || doc.Find("maybe").Kind() != jsondoc.Null {
		t.Error("count, flag or maybe is wrong")
	}
}

func TestUnusualTextIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "null": "null", "list": "[]", "open": `{"token":"a"`, "twice": `{} {}`, "comma": `{"token":"a",}`, "lone comma": `{,}`,
		"type": `{"token":1}`, "fraction": `{"count":1.0}`, "too large": `{"count":2147483648}`, "inner type": `{"one":{"tags":[1]}}`,
		"list of others": `{"many":[1]}`, "field twice": `{"flag":true,"flag":false}`, "another case": `{"TOKEN":"a"}`,
		"escaped key": `{"t\u006fken":"a"}`, "control": "{\"token\":\"a\x01\"}", "escape": `{"token":"\x"}`, "half an escape": `{"token":"\u00"}`,
		"leading zero": `{"x":01}`, "no digits": `{"x":-}`, "half a word": `{"x":tru}`, "no colon": `{"x" 1}`, "no value": `{"x":}`,
		"deep": strings.Repeat("[", 300) + strings.Repeat("]", 300),
	} {
		if _, ok := jsondoc.Parse([]byte(text), jsondoc.ShapeOf[outer]()); ok {
			t.Errorf("%s is accepted: %s", name, text)
		}
	}
}

// FuzzParse holds what is accepted against encoding/json: it accepts it too, and reads
// the same values.
func FuzzParse(f *testing.F) {
	f.Add([]byte(usual))
	f.Add([]byte(`{"token":"\ud800x","one":null,"free":{"\u0061":1,"a":2},"zzz":1e999}`))
	f.Add([]byte("{\"token\":\"\xff\",\"\xff\":1}"))
	f.Add([]byte("{\"to\u212aen\":\"x\"}"))
	f.Add([]byte(`{"free":{"exp":1,"\u0065xp":2,"e":{"x":[-0,0.1,1E+2]}}}`))
	f.Add([]byte(" [ 1 ,[2, {\"a\":[]}] ,\"]\", null ] "))
	f.Add([]byte("[ ]"))
	shape := jsondoc.ShapeOf[outer]()
	f.Fuzz(func(t *testing.T, data []byte) {
		any1, valid := jsondoc.Valid(data)
		var anything any
		if err := strict(data, &anything); valid && err != nil {
			t.Fatalf("valid, but %v", err)
		} else if !valid && err == nil && !bytes.Contains(data, bytes.Repeat([]byte("["), 20)) && !bytes.Contains(data, []byte(`:{`)) {
			t.Fatal("refused, but valid")
		}
		if m, ok := anything.(map[string]any); ok && valid {
			for name, want := range m {
				var got any
				if err := strict(any1.Get(name).Raw(), &got); err != nil {
					t.Fatalf("member %q: %v", name, err)
				}
				if diff := cmp.Diff(got, want); diff != "" {
					t.Fatalf("member %q (-got +want):\n%s", name, diff)
				}
			}
		}
		if list, ok := anything.([]any); ok && valid {
			for i, want := range list {
				var got any
				if err := strict(any1.Index(i).Raw(), &got); err != nil {
					t.Fatalf("element %d: %v", i, err)
				}
				if diff := cmp.Diff(got, want); diff != "" {
					t.Fatalf("element %d (-got +want):\n%s", i, diff)
				}
			}
			if any1.Index(len(list)).Kind() != jsondoc.None || any1.Index(-1).Kind() != jsondoc.None {
				t.Fatal("there are elements outside of the list")
			}
		}
		doc, ok := jsondoc.Parse(data, shape)
		if !ok {
			return
		}
		var want outer
		if err := strict(data, &want); err != nil {
			t.Fatalf("of the shape, but %v", err)
		}
		got := outer{Token: doc.Find("token").Text(), Flag: doc.Find("flag").True()}
		n, _ := doc.Find("count").Int()
		got.Count = int32(n)
		if v := doc.Find("maybe"); v.Kind() == jsondoc.Bool {
			b := v.True()
			got.Maybe = &b
		}
		for name, into := range map[string]any{"one": &got.One, "many": &got.Many, "free": &got.Free} {
			if raw := doc.Find(name).Raw(); raw != nil {
				if err := strict(raw, into); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
		if string(doc.Find("token").Bytes()) != want.Token {
			t.Error("token as bytes is another one")
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("values (-got +want):\n%s", diff)
		}
	})
}

// ParsePair must give what Valid and Pair give.
func FuzzParsePair(f *testing.F) {
	for _, s := range []string{
		`{"a":1,"b":2}`, ` {"a":1,"a":{"b":[3]},"c":0} `, `{"\u0061":1,"b":"x"}`, "{\"b\xff\":1,\"b\":2}", `{"a":1}x`, `{"a":}`, `{"a":1,}`, `[1]`, `{`, ``, `{}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, valid := jsondoc.Valid(data)
		wantA, wantB := v.Pair("a", "b")
		a, b, ok := jsondoc.ParsePair(data, "a", "b")
		if ok != (valid && v.Kind() == jsondoc.Object) || !bytes.Equal(a.Raw(), wantA.Raw()) || !bytes.Equal(b.Raw(), wantB.Raw()) {
			t.Errorf("%q gives %q, %q and %v", data, a.Raw(), b.Raw(), ok)
		}
	})
}
