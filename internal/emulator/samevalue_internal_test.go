package emulator

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSameValue(t *testing.T) {
	t.Parallel()
	parse := func(text string) (v any) {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return v
	}
	for _, same := range [][]string{
		{"3", "3.0", "3.00", "30e-1", "0.3E1", "0.03e+2"}, {"0", "-0", "0.0", "0e9"}, {"-1.5", "-15e-1"}, {"100", "1e2", "1.00e2"},
		{"9007199254740993", "9007199254740993.0"}, {"9007199254740992"}, {"1e99999999999999999999"}, {"2e99999999999999999999"},
		{`"3"`}, {"true"}, {"false"}, {"null"}, {"[]"}, {"{}"}, {"[1,[2]]", "[1.0,[2e0]]"}, {"[1,2]"}, {`{"a":1,"b":{"c":[2]}}`, `{"b":{"c":[2.0]},"a":1.0}`},
		{`{"a":1}`}, {`{"b":null}`}, {`""`}, {"1e-2", "0.01"},
	} {
		for _, a := range same {
			for _, b := range same {
				if !sameValue(parse(a), parse(b)) {
					t.Errorf("%s and %s are not the same", a, b)
				}
			}
			for _, other := range []string{"3", "0", "-1.5", "1.5", "9007199254740992", `"3"`, "null", "[]", "{}", "[2,1]", `{"a":2}`, "1e99999999999999999998"} {
				if same[0] != other && sameValue(parse(a), parse(other)) {
					t.Errorf("%s and %s are the same", a, other)
				}
			}
		}
	}
}
