package runner

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// call is an execution of a step: its arguments, evaluated once and frozen, and where it
// goes.
type call struct {
	args steps.Args
	// marks are those of the arguments that have any. The first of them, as many as
	// fixed says, are those of arguments that are the same each time.
	marks []marked
	fixed int
	// given tells that the arguments are those of an execution.
	given bool
	// requests is how many requests an attempt makes that limits hold for, channel that
	// of the message that the target is made to send, if any.
	requests int
	channel  string
	// gate and http are those of the provider that the requests go to.
	gate *gate
	http client.Client
	// stray is the host that it must not be sent to, empty for none.
	stray string
	// limits are those that each request waits for.
	limits []limit
}

// newCall makes room for the calls of a step, with what does not depend on the iteration.
func newCall(s *step) call {
	c := call{args: steps.NewArgs(s.Kind.Args)}
	for i := range s.args {
		if a := &s.args[i]; a.fixed != nil && a.spec.Role == steps.RoleValue {
			c.set(i, a.fixed)
		}
	}
	c.fixed = len(c.marks)
	return c
}

// reset forgets what the call of a step was made of, and keeps its room.
func (c *call) reset(s *step) {
	for _, i := range s.varying {
		c.args.SetAt(i, eval.Value{})
	}
	clear(c.marks[c.fixed:])
	c.marks, c.given = c.marks[:c.fixed], false
	c.requests, c.channel, c.gate, c.http, c.stray, c.limits = 0, "", nil, nil, "", nil
}

func (c *call) set(place int, v *argValue) {
	c.args.SetAt(place, v.plain)
	if v.secret || v.marked != nil {
		c.marks = append(c.marks, marked{place, v.marked})
	}
}

// echo gives an argument with its marks.
func (c *call) echo(place int) eval.Value {
	for _, m := range c.marks {
		switch {
		case m.place != place:
		case m.value != nil:
			return eval.Of(*m.value)
		default:
			return c.args.At(place).Secret()
		}
	}
	return c.args.At(place)
}

// secrets appends the texts of the arguments that must not be shown.
func (c *call) secrets(specs []steps.Arg, out []string) []string {
	if !c.given {
		return out
	}
	for i := range specs {
		if specs[i].Sensitive {
			out = textsOf(c.args.At(i), out)
		}
	}
	for _, m := range c.marks {
		out = m.texts(c.args.At(m.place), out)
	}
	return out
}

// marked says that an argument is secret: as a whole, or as value has it.
type marked struct {
	place int
	value *cty.Value
}

func (m marked) texts(plain eval.Value, out []string) []string {
	if m.value == nil {
		return textsOf(plain, out)
	}
	_, texts := eval.Reveal(*m.value)
	return append(out, texts...)
}

func textsOf(v eval.Value, out []string) []string {
	if text, ok := v.AsText(); ok {
		return append(out, text)
	}
	if v.IsNull() {
		return out
	}
	return eval.Texts(v.Cty(), out)
}

// arguments evaluates what the step is given. It reports false when that fails.
func (it *iteration) arguments(s *step, rec *record) bool {
	c := &rec.call
	c.given = true
	for _, i := range s.varying {
		a := &s.args[i]
		v, diags := a.evaluate(it.scope)
		if diags.HasErrors() {
			rec.broken(result.ReasonOther, "argument "+a.spec.Name, diags)
			continue
		}
		if a.spec.Role == steps.RoleValue {
			c.set(i, &v)
		}
	}
	if rec.Outcome != 0 {
		return false
	}
	if s.Kind.Check != nil && len(s.varying) > 0 {
		for _, p := range s.Kind.Check(c.args) {
			rec.broken(result.ReasonOther, "argument "+p.Arg, s.site(p.Arg).Error("Invalid argument", p.Detail))
		}
	}
	if rec.Outcome != 0 {
		return false
	}
	it.address(s, c)
	return true
}

// address decides where a call goes, and what it has to wait for.
func (it *iteration) address(s *step, c *call) {
	c.gate, c.http = s.gate, it.run.env.HTTP
	if s.Provider == nil && s.Kind.URL != nil && (it.run.load || len(it.program.homes) > 0) {
		h := it.run.home(it.program, s.Kind.URL(c.args))
		if c.stray = h.stray; h.provider != nil {
			c.gate, c.http = it.run.gates[h.provider], it.run.client(h.provider)
		}
	}
	if s.Kind.Requests != nil && c.gate.binds() {
		c.requests = len(s.Kind.Requests(c.args))
		c.limits = c.gate.limitsOf(s.Kind, c.args)
	}
	if s.Kind.Sends != nil {
		c.channel = s.Kind.Sends(c.args)
	}
}

// site is where an argument stands, or the step when it is absent.
func (s *step) site(arg string) eval.Site {
	for _, a := range s.args {
		if a.spec.Name == arg && a.given.Value != nil {
			return a.given.Value.Site()
		}
	}
	return s.Source
}
