package eval_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// flow is a scenario of four steps as people write it: sign in by a link, read the
// message, verify, change the phone number.
type flow struct {
	globals *eval.Globals
	layout  *eval.Layout
	steps   [][]*eval.Expr // what each step evaluates before it runs
	after   [][]*eval.Expr // and then, with self
	results []eval.Object
}

// answer is a result in the form of the kinds: no cty before somebody asks for it.
type answer struct {
	token, refresh, email, userID, phone string
}

// The places of an answer's attributes.
const (
	placeStatus = iota
	placeDuration
	placeError
	placeRefresh
	placeUser
	placeExtracted
	placeMasked
)

func answerAttrs() []eval.AttrLayout {
	user := cty.Object(map[string]cty.Type{"user_id": cty.String, "email": cty.String, "verified_email": cty.Bool})
	return []eval.AttrLayout{
		placeStatus: {Name: "status", Type: cty.Number}, placeDuration: {Name: "duration_ms", Type: cty.Number},
		placeError: {Name: "error", Type: errorType}, placeRefresh: {Name: "refresh_jwt", Type: cty.String, Sensitive: true},
		placeUser:      {Name: "user", Type: user},
		placeExtracted: {Name: "extracted", Type: cty.Object(map[string]cty.Type{"token": cty.String}), Sensitive: true},
		placeMasked:    {Name: "masked_phone", Type: cty.String},
	}
}

func (a *answer) Attr(place int, path []string) (eval.Value, bool) {
	switch place {
	case placeStatus:
		return eval.Int(200), true
	case placeDuration:
		return eval.Float(3.25), true
	case placeError:
		if len(path) > 0 {
			return eval.Value{}, true
		}
		return eval.Null(), true
	case placeRefresh:
		return eval.Text(a.refresh), true
	case placeMasked:
		return eval.Text(a.phone), true
	}
	if len(path) != 1 {
		return eval.Value{}, false
	}
	switch path[0] {
	case "token":
		return eval.Text(a.token), true
	case "email":
		return eval.Text(a.email), true
	case "user_id":
		return eval.Text(a.userID), true
	case "verified_email":
		return eval.Bool(true), true
	}
	return eval.Value{}, true
}

func (a *answer) Object() cty.Value {
	str := cty.StringVal
	return cty.ObjectVal(map[string]cty.Value{
		"status": cty.NumberIntVal(200), "duration_ms": cty.NumberFloatVal(3.25), "error": cty.NullVal(errorType),
		"refresh_jwt": str(a.refresh).Mark(eval.Sensitive), "masked_phone": str(a.phone),
		"user":      cty.ObjectVal(map[string]cty.Value{"user_id": str(a.userID), "email": str(a.email), "verified_email": cty.True}),
		"extracted": cty.ObjectVal(map[string]cty.Value{"token": str(a.token)}).Mark(eval.Sensitive),
	})
}

func newFlow(t testing.TB, compiled bool) *flow {
	t.Helper()
	f := &flow{globals: globals(map[string]cty.Value{"redirect_url": cty.StringVal("https://app.example.test/verify")}), layout: &eval.Layout{}}
	f.globals.Locals = cty.ObjectVal(map[string]cty.Value{"token_pattern": cty.StringVal("[?&]t=([^&#]+)")})
	for _, name := range []string{"send", "mail", "signin", "change"} {
		f.layout.Steps = append(f.layout.Steps, eval.StepLayout{Name: name, Attrs: answerAttrs()})
		f.results = append(f.results, &answer{
			token: "c2VjcmV0LXRva2Vu", refresh: "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJVMSJ9.c2ln", userID: "U2abc",
			email: "authbench-6df7cb1c-ba1a-4b5d-b5c7-8a9d0b3d8a10@example.test", phone: "+1******01",
		})
	}
	f.layout.Locals = []eval.LocalLayout{
		{Name: "login_id", Expr: parse(t, `"authbench-${iteration.uuid}@example.test"`)},
		{Name: "new_phone", Expr: parse(t, `fake_phone(iteration.id % 28800)`)},
	}
	made := func(self int, texts ...string) []*eval.Expr {
		var out []*eval.Expr
		for _, text := range texts {
			e := parse(t, text)
			if compiled {
				e.Compile(f.layout, f.globals, self, cty.NilVal)
			}
			out = append(out, e)
		}
		return out
	}
	if compiled {
		for _, l := range f.layout.Locals {
			l.Expr.Compile(f.layout, f.globals, -1, cty.NilVal)
		}
	}
	f.steps = [][]*eval.Expr{
		made(0, "local.login_id", `"email"`, "var.redirect_url"),
		made(1, "local.login_id", "local.token_pattern"),
		made(2, "step.mail.extracted.token"),
		made(3, "local.login_id", "local.new_phone", "step.signin.refresh_jwt", "var.redirect_url"),
	}
	f.after = [][]*eval.Expr{
		made(0, "self.status == 200 && self.duration_ms < 800"),
		nil,
		made(2, `self.user.user_id != "" && self.user.verified_email`, `self.error == null || startswith(self.error.code, "E0")`),
		made(3, `self.masked_phone != "" && step.signin.user.user_id == "U2abc"`),
	}
	return f
}

// run evaluates everything that an iteration does.
func (f *flow) run(t testing.TB, s *eval.Scope, id uint64, reference bool) {
	s.Reset(eval.Iteration{ID: id, Index: id, Seed: 42, Scenario: "update_phone"})
	all := func(es []*eval.Expr) {
		for _, e := range es {
			var failed bool
			if reference {
				_, diags := e.Value(s)
				failed = diags.HasErrors()
			} else {
				_, diags := e.Eval(s)
				failed = diags.HasErrors()
			}
			if failed {
				t.Fatal("an expression failed")
			}
		}
	}
	for i := range f.steps {
		all(f.steps[i])
		s.SetSelf(f.results[i])
		s.SetResult(i, "", f.results[i])
		all(f.after[i])
		s.SetSelf(nil)
	}
}

// BenchmarkIteration measures the expressions of one iteration of four steps.
func BenchmarkIteration(b *testing.B) {
	for _, reference := range []bool{false, true} {
		b.Run(map[bool]string{false: "compiled", true: "hcl"}[reference], func(b *testing.B) {
			f := newFlow(b, !reference)
			s := f.globals.NewScope(iteration(0), f.layout, cty.NilVal)
			b.ReportAllocs()
			for id := uint64(0); b.Loop(); id++ {
				f.run(b, s, id, reference)
			}
		})
	}
}

// TestIterationAllocations holds the expressions of an iteration to their budget.
//
//nolint:paralleltest // it counts the allocations of the process
func TestIterationAllocations(t *testing.T) {
	f := newFlow(t, true)
	s := f.globals.NewScope(iteration(0), f.layout, cty.NilVal)
	if got := testing.AllocsPerRun(100, func() { f.run(t, s, 7, false) }); got > 10 {
		t.Errorf("an iteration allocates %v times, want 10 at most", got)
	}
}
