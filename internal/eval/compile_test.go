package eval_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// outcome is all that can be seen of an evaluation.
type outcome struct {
	Value string
	Diags any
	Next  string // what the iteration draws next
}

func observe(t testing.TB, w *world, e *eval.Expr, reference bool) outcome {
	t.Helper()
	s := w.scope(3)
	var out outcome
	var v cty.Value
	if reference {
		got, diags := e.Value(s)
		v, out.Diags = got, diags
		if diags.HasErrors() {
			v = cty.NilVal
		}
	} else {
		got, diags := e.Eval(s)
		v, out.Diags = got.Cty(), diags
		if diags.HasErrors() {
			v = cty.NilVal
		}
	}
	out.Value = describe(v)
	next, _ := w.next.Value(s)
	out.Next = describe(next)
	return out
}

// describe writes a value with its types and marks.
func describe(v cty.Value) string {
	if v == cty.NilVal {
		return "nothing"
	}
	plain, paths := v.UnmarkDeepWithPaths()
	text := plain.GoString()
	for _, p := range paths {
		text += fmt.Sprintf(" %#v is %v", p.Path, p.Marks)
	}
	return text
}

// twins are the worlds in which the same is evaluated: by hcl, compiled with results
// that are read by place, compiled with results that are taken apart.
type twins struct{ reference, fast, whole *world }

func newTwins(t testing.TB) twins {
	return twins{newWorld(t, false, false), newWorld(t, true, true), newWorld(t, true, false)}
}

// compare evaluates a text compiled and by hcl.
func (ws twins) compare(t testing.TB, text string) {
	t.Helper()
	want := observe(t, ws.reference, ws.reference.expr(t, text, false), true)
	for _, w := range []*world{ws.fast, ws.whole} {
		got := observe(t, w, w.expr(t, text, true), false)
		if !reflect.DeepEqual(got, want) { // much faster than a diff of nothing
			t.Errorf("%s, results by place %t (-compiled +hcl):\n%s", text, w == ws.fast, cmp.Diff(got, want))
		}
	}
}

// TestCompiledIsHCL holds every form against the reference.
func TestCompiledIsHCL(t *testing.T) {
	t.Parallel()
	ws := newTwins(t)
	for i, text := range worldRoots {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			// Where combinations are left out, others are for each root.
			ws := thinned{ws, &i}
			for _, form := range []string{
				"%s", "!%s", "-%s", `"<${%s}>"`, `"${%s}"`, "[%s, 1]", "{ a = %[1]s, (%[1]s) = 2 }", "(%s)", "[for x in [1] : %s]",
				"%s ? 1 : 2", `%s == "x" ? 1 : null`, "uuid() == %s ? uuid() : randstring(%[1]s)", `format("%%s-%%05d-%%v", %[1]s, 7, %[1]s)`, `format("%%d", %s)`,
				"[%[1]s][0]", "var.map[%s]", "var.list[%s]", "substr(%s, 1, 2)", "substr(var.text, 0, %s)", `replace(%s, "a", "b")`,
				"startswith(%s, %[1]s)", "trimprefix(var.text, %s)", "randint(1, %s)", "lookup(var.map, %s, 1)", `join("-", [%s])`,
				"try(%s, 1)", "try(%s, uuid())", `try(%[1]s.x, [for k, v in %[1]s : "${k}=${v}"], "none")`, "alltrue([for x in [%s] : x != null])",
				"[for x in [1, 2] : [for y in [%s, x] : [x, y]]]", "[for var in [%s] : var]", "[for x in [5, 6] : [%s, x]]", "[for x in [%s] : x if x != null]", "{ for k, v in [%s] : k => v }", "concat([%s]...)", "self.ok ? [%[1]s] : [%[1]s, 1]", "self.ok ? {} : { a = %s }",
			} {
				ws.compare(t, fmt.Sprintf(form, text))
			}
			for _, f := range []string{"upper", "length", "tostring", "trimspace", "sensitive", "nonsensitive", "issensitive", "jsonencode", "fake_email", "fake_phone", "randstring", "can", "keys", "sha256", "abs"} {
				ws.compare(t, f+"("+text+")")
			}
			for _, other := range []string{"null", "1", "each.value", `(var.secret == "x")`} {
				ws.pairs(t, text, other)
			}
		})
	}
}

// thinned compares one of thin texts.
type thinned struct {
	twins
	count *int
}

func (ws thinned) compare(t *testing.T, text string) {
	t.Helper()
	if *ws.count++; *ws.count%thin == 0 {
		ws.twins.compare(t, text)
	}
}

func (ws thinned) pairs(t *testing.T, text, other string) {
	for _, op := range []string{"==", "<", "&&", "||", "+", "%", "/"} {
		ws.compare(t, text+" "+op+" "+other)
		ws.compare(t, other+" "+op+" "+text)
	}
	ws.compare(t, text+" == "+other+" && "+other+" != null")
	ws.compare(t, "!("+text+" == "+other+") || "+text+" < 3")
	ws.compare(t, other+" == null ? "+other+" : "+text)
	ws.compare(t, text+" != null ? "+text+" : "+other)
	ws.compare(t, "self.ok ? "+other+" : "+text)
	ws.compare(t, "coalesce("+text+", "+other+")")
}
