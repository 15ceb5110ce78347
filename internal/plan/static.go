package plan

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/steps"
)

// StaticArgs gives what is known of the step's arguments before the run, in the form
// that [steps.Kind]'s Requests and Sends take: without marks, unknown where a value
// depends on the iteration, null where an argument is absent.
func (s *Step) StaticArgs() steps.Args {
	if s.Kind == nil {
		return steps.Args{}
	}
	out := steps.NewArgs(s.Kind.Args)
	for i := range s.Kind.Args {
		out.SetAt(i, eval.Of(cty.NullVal(s.Kind.Args[i].Type.WithoutOptionalAttributesDeep())))
	}
	for _, a := range s.Args {
		out.Set(a.Spec.Name, eval.Of(a.static()))
	}
	return out
}

func (a *Arg) static() cty.Value {
	unknown := cty.UnknownVal(a.Spec.Type.WithoutOptionalAttributesDeep())
	if a.Value != nil {
		return known(a.Value, unknown)
	}
	elems := make(map[string]cty.Value, len(a.Pairs))
	for _, p := range a.Pairs {
		elems[p.Name] = known(p.Value, cty.UnknownVal(cty.String))
	}
	if len(elems) == 0 {
		return cty.NullVal(cty.Map(cty.String))
	}
	return cty.MapVal(elems)
}

func known(e *eval.Expr, unknown cty.Value) cty.Value {
	v, ok := e.Folded()
	if !ok {
		return unknown
	}
	v, _ = v.UnmarkDeep()
	return v
}

// Routes are the requests of one attempt.
func (s *Step) Routes() []steps.Route {
	if s.Kind == nil || s.Kind.Requests == nil {
		return nil
	}
	return s.Kind.Requests(s.StaticArgs())
}

// Channel is that of the message which an attempt makes the target send, empty for
// none. A request that is to be refused sends none.
func (s *Step) Channel() string {
	if s.Kind == nil || s.Kind.Sends == nil || s.Expect.Refusal() {
		return ""
	}
	return s.Kind.Sends(s.StaticArgs())
}

// Skipped reports whether it is known before the run that the step does not run.
func (s *Step) Skipped() bool {
	if s.When == nil {
		return false
	}
	v, ok := s.When.Folded()
	if !ok {
		return false
	}
	v, _ = v.Unmark()
	return v.IsKnown() && !v.IsNull() && v.Type() == cty.Bool && v.False()
}

// Refusal reports whether the step expects anything but a success. An expectation
// that depends on the iteration counts as one if it names an error.
func (e *Expect) Refusal() bool {
	if e == nil {
		return false
	}
	if e.ErrorCode != nil {
		return true
	}
	if e.Status == nil {
		return false
	}
	v, ok := e.Status.Folded()
	if !ok {
		return false
	}
	for _, text := range eval.Texts(v, nil) {
		if strings.HasPrefix(text, "2") {
			return false
		}
	}
	return true
}
