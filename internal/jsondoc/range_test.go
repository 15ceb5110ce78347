package jsondoc_test

import (
	"slices"
	"testing"

	"github.com/authbench/authbench/internal/jsondoc"
)

func TestRange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text     string
		elements []string
		members  []string
	}{
		{text: `[]`},
		{text: ` [ 1 , "a" ,[ 2 ],{"b" : 3 } ] `, elements: []string{`1`, `"a"`, `[ 2 ]`, `{"b" : 3 }`}},
		{text: `{ }`},
		{text: ` { "a" : 1 ,"b\"":[ 2 ], "a":null}`, members: []string{`a`, `1`, `b\"`, `[ 2 ]`, `a`, `null`}},
		{text: `"[1]"`},
		{text: `null`},
	} {
		v, ok := jsondoc.Valid([]byte(tt.text))
		if !ok {
			t.Fatalf("%s is refused", tt.text)
		}
		var elements, members []string
		for e := range v.Elements() {
			elements = append(elements, string(e.Raw()))
		}
		for key, m := range v.Members() {
			members = append(members, string(key), string(m.Raw()))
		}
		if !slices.Equal(elements, tt.elements) || !slices.Equal(members, tt.members) {
			t.Errorf("%s: elements %q, members %q; want %q, %q", tt.text, elements, members, tt.elements, tt.members)
		}
		for range v.Elements() {
			break
		}
		for range v.Members() {
			break
		}
	}
	for range (jsondoc.Value{}).Elements() {
		t.Error("no value has elements")
	}
}
