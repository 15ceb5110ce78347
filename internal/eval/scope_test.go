package eval_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

func shown(t *testing.T, s *eval.Scope, text string) string {
	t.Helper()
	v, diags := parse(t, text).Value(s)
	if diags.HasErrors() {
		return "error: " + diags[0].Summary
	}
	return eval.Show(v)
}

// A number that is signed up must be the number that is verified.
func TestLocalsAreEvaluatedOnce(t *testing.T) {
	t.Parallel()
	locals := map[string]*eval.Expr{"id": parse(t, "uuid()"), "mail": parse(t, `"${local.id}@example.test"`)}
	s := globals(nil).NewScope(iteration(1), layout(locals), cty.NilVal)
	first := shown(t, s, "local.mail")
	if again := shown(t, s, "local.mail"); again != first {
		t.Errorf("local.mail is %s, then %s", first, again)
	}
	if got := shown(t, s, `local.mail == "${local.id}@example.test"`); got != "true" {
		t.Errorf("local.mail is not made of local.id: %s", got)
	}
	v, diags := s.Local("mail")
	if diags.HasErrors() || eval.Show(v) != first {
		t.Errorf("Local = %s, %v, want %s", eval.Show(v), diags, first)
	}
}

func TestLocalsAreEvaluatedWhenNeeded(t *testing.T) {
	t.Parallel()
	locals := map[string]*eval.Expr{"late": parse(t, "step.a.id"), "broken": parse(t, `tonumber("x")`)}
	s := globals(nil).NewScope(iteration(1), layout(locals, "a"), cty.NilVal)
	s.SetResult(0, "", eval.Whole(cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal("U1")})))
	if got := shown(t, s, "local.late"); got != `"U1"` {
		t.Errorf("local.late = %s", got)
	}
	for range 2 {
		if got := shown(t, s, "local.broken"); got != "error: Invalid function argument" {
			t.Errorf("local.broken = %s", got)
		}
	}
}

func TestTopLevelLocals(t *testing.T) {
	t.Parallel()
	g := globals(nil)
	g.Locals = cty.ObjectVal(map[string]cty.Value{"a": cty.StringVal("run"), "b": cty.StringVal("run")})
	s := g.NewScope(iteration(1), layout(map[string]*eval.Expr{"b": parse(t, `"${local.a}+scenario"`)}), cty.NilVal)
	if got := shown(t, s, "[local.a, local.b]"); got != `["run","run+scenario"]` {
		t.Errorf("locals are %s", got)
	}
}

// A local must not depend on which step happens to need it first.
func TestLocalsSeeNeitherSelfNorTheEachOfAStep(t *testing.T) {
	t.Parallel()
	locals := map[string]*eval.Expr{"k": parse(t, "each.key"), "s": parse(t, "self.status")}
	s := globals(nil).NewScope(iteration(1), layout(locals), eval.Each("scenario", cty.True))
	before := s.SetEach(eval.Each("step", cty.True))
	s.SetSelf(eval.Whole(cty.ObjectVal(map[string]cty.Value{"status": cty.NumberIntVal(200)})))
	if got := shown(t, s, "[each.key, local.k, self.status]"); got != `["step","scenario",200]` {
		t.Errorf("each.key, local.k, self.status = %s", got)
	}
	if got := shown(t, s, "local.s"); got != "error: Unknown variable" && got != "error: Variables not allowed" {
		t.Errorf("a local saw self: %s", got)
	}
	if got := shown(t, s, "self.status"); got != "200" {
		t.Errorf("self is lost after a local was evaluated: %s", got)
	}
	s.SetEach(before)
	s.SetSelf(nil)
	if got := shown(t, s, "each.key"); got != `"scenario"` {
		t.Errorf("each.key = %s after the step", got)
	}
	if got := shown(t, s, "self.status"); got == "200" {
		t.Error("self is there after the step")
	}
}

func TestStepInstances(t *testing.T) {
	t.Parallel()
	l := &eval.Layout{Steps: []eval.StepLayout{{Name: "a", ForEach: true}}}
	s := globals(nil).NewScope(iteration(1), l, cty.NilVal)
	if s.HasStep("a") {
		t.Error("a step is there before it ran")
	}
	for _, key := range []string{"sms", "email"} {
		s.SetResult(0, key, eval.Whole(cty.ObjectVal(map[string]cty.Value{"to": cty.StringVal(key)})))
	}
	if got := shown(t, s, `[step.a["sms"].to, [for k, v in step.a : v.to]]`); got != `["sms",["email","sms"]]` {
		t.Errorf("instances are %s", got)
	}
	if !s.HasStep("a") {
		t.Error("a step is not there after it ran")
	}
}

func TestRefs(t *testing.T) {
	t.Parallel()
	e := parse(t, `"${step.b["k"].x}${var.v}" == local.l && [for v in var.list : v.y][0] == self`)
	var got []string
	for _, r := range e.Refs() {
		got = append(got, fmt.Sprintf("%s.%s+%d", r.Root, r.Name, len(r.Rest)))
	}
	if want := "[step.b+2 var.v+0 local.l+0 var.list+0 self.+0]"; fmt.Sprint(got) != want {
		t.Errorf("refs are %v, want %s", got, want)
	}
	if !e.RefersTo("self") || e.RefersTo("vu") {
		t.Error("RefersTo is wrong about self or vu")
	}
}

func TestFoldedValueIsKept(t *testing.T) {
	t.Parallel()
	e := parse(t, "uuid()")
	e.Fold(cty.StringVal("kept"))
	if v, _ := e.Value(nil); eval.Show(v) != `"kept"` {
		t.Errorf("value is %s", eval.Show(v))
	}
	c := eval.Constant(cty.True)
	if v, ok := c.Folded(); !ok || !v.True() || c.Node() != nil || c.Site().Position() != "" || len(c.Refs()) != 0 {
		t.Error("a constant is not what it was made of")
	}
}

// One expression serves all iterations at once.
func TestExpressionIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	e := parse(t, `"${local.id}-${upper(step.a.name)}-${join(",", [for x in var.list : "${x}${iteration.id}"])}-${var.list[*][0]}"`)
	local := parse(t, "iteration.id * 2")
	g := globals(map[string]cty.Value{"list": cty.ListVal([]cty.Value{cty.StringVal("p"), cty.StringVal("q")})})
	e2 := parse(t, `try(var.list[9], can(step.a.nope), "x") == false && randint(1, 9) < 10 && uuid() != ""`)
	var wg sync.WaitGroup
	for w := range uint64(8) {
		wg.Go(func() {
			for i := range uint64(100) {
				id := w*100 + i
				s := g.NewScope(iteration(id), layout(map[string]*eval.Expr{"id": local}, "a"), cty.NilVal)
				s.SetResult(0, "", eval.Whole(cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("n")})))
				_, _ = e.Value(s)
				if v, diags := e2.Value(s); diags.HasErrors() || !v.True() {
					t.Errorf("iteration %d: %v", id, diags)
				}
				if len(e2.Explain(s)) != 1 {
					t.Error("nothing explained")
				}
			}
		})
	}
	wg.Wait()
}
