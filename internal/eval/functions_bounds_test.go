package eval_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// A short text must not make a function ask for gigabytes.
func TestFunctionsAreBounded(t *testing.T) {
	t.Parallel()
	fs := eval.Functions(".")
	for _, c := range []struct {
		name string
		args []cty.Value
	}{
		{"jsondecode", []cty.Value{cty.StringVal("1e90000000")}},
		{"jsondecode", []cty.Value{cty.StringVal(`{"a":[1,-2E+401]}`)}},
		{"tonumber", []cty.Value{cty.StringVal("1e90000000")}},
		{"tonumber", []cty.Value{cty.StringVal(strings.Repeat("9", 401))}},
		{"format", []cty.Value{cty.StringVal("%99999999d"), cty.NumberIntVal(1)}},
		{"formatlist", []cty.Value{cty.StringVal("%.99999f"), cty.ListVal([]cty.Value{cty.NumberIntVal(1)})}},
		{"indent", []cty.Value{cty.NumberIntVal(1_000_000_000), cty.StringVal("a\nb")}},
	} {
		if v, err := fs[c.name].Call(c.args); err == nil {
			t.Errorf("%s gives %#v, want an error", c.name, v.Type())
		}
	}
	for _, c := range []struct {
		name string
		arg  string
	}{{"jsondecode", `{"a":1e300,"b":"1e90000000"}`}, {"tonumber", "-1.5e10"}} {
		if _, err := fs[c.name].Call([]cty.Value{cty.StringVal(c.arg)}); err != nil {
			t.Errorf("%s(%s): %v", c.name, c.arg, err)
		}
	}
}
