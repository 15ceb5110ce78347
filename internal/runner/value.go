package runner

import (
	"fmt"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/steps"
)

// attribute is an attribute of a step's result.
type attribute struct {
	steps.Attr
	// own tells that the kind gives it.
	own bool
	// echo is the place of the argument that it repeats, -1 for none.
	echo int
	// scalar is its type, as far as values of it are taken as they stand.
	scalar scalar
}

func prepareResults(ps *plan.Step) ([]attribute, cty.Type) {
	attrs := ps.Kind.Attributes(func(arg string) []string { return blockNames(ps, arg) })
	own := make(map[string]bool, len(ps.Kind.Results))
	for _, a := range ps.Kind.Results {
		own[a.Name] = true
	}
	out := make([]attribute, len(attrs))
	types := make(map[string]cty.Type, len(attrs))
	for i, a := range attrs {
		a.Type = a.Type.WithoutOptionalAttributesDeep()
		out[i] = attribute{Attr: a, own: own[a.Name], echo: -1, scalar: scalarOf(a.Type)}
		types[a.Name] = a.Type
		if !own[a.Name] {
			out[i].echo = slices.IndexFunc(ps.Kind.Args, func(arg steps.Arg) bool { return arg.Echo && arg.Name == a.Name })
		}
	}
	return out, cty.Object(types)
}

// Attr implements [eval.Object] for what most expressions ask for.
func (rec *record) Attr(place int, path []string) (eval.Value, bool) {
	a := &rec.source.results[place]
	if a.own {
		return rec.ownAttr(a, path)
	}
	if len(path) > 0 {
		return rec.commonPart(a, path)
	}
	if a.echo >= 0 {
		v := rec.call.echo(a.echo)
		return v, a.scalar.holds(v)
	}
	switch reply := &rec.reply; a.Name {
	case "ok":
		return eval.Bool(reply.OK), true
	case "status":
		if reply.Status == 0 {
			return eval.Null(), true
		}
		return eval.Int(int64(reply.Status)), true
	case "attempts":
		return eval.Int(int64(rec.Attempts)), true
	case "request_id":
		if reply.RequestID == "" {
			return eval.Null(), true
		}
		return eval.Text(reply.RequestID), true
	case "error":
		if reply.Problem == nil {
			return eval.Null(), true
		}
	case "duration_ms":
		return eval.Float(inMilliseconds(reply.Duration)), true
	case "wait_ms":
		return eval.Float(inMilliseconds(rec.Wait)), true
	}
	return eval.Value{}, false
}

// ownAttr gives what the kind itself has.
func (rec *record) ownAttr(a *attribute, path []string) (eval.Value, bool) {
	if rec.reply.Values == nil {
		return eval.Value{}, false
	}
	v, ok := rec.reply.Values.At(a.Name, path)
	switch {
	case !ok || len(path) > 0:
		return v, ok
	case v.IsAbsent():
		return eval.Null(), true
	}
	return v, a.scalar.holds(v)
}

// commonPart gives a part of an attribute that every kind has.
func (rec *record) commonPart(a *attribute, path []string) (eval.Value, bool) {
	problem := rec.reply.Problem
	switch {
	case a.Name != "error" || len(path) != 1:
		return eval.Value{}, false
	case problem == nil:
		return eval.Value{}, true // as self.error != null && self.error.code == "x" asks for
	}
	var text string
	switch path[0] {
	case "code":
		text = problem.Code
	case "description":
		text = problem.Description
	case "message":
		text = problem.Message
	}
	if text == "" {
		return eval.Value{}, false
	}
	return eval.Text(text), true
}

// Object implements [eval.Object]: the result in exactly the types that the kind
// declares. What is absent is null, what is secret by its type is marked. A kind that
// breaks its word panics here, which the step reports.
func (rec *record) Object() cty.Value {
	if rec.whole != cty.NilVal {
		return rec.whole
	}
	s := rec.source
	attrs := make(map[string]cty.Value, len(s.results))
	for i := range s.results {
		a := &s.results[i]
		v := rec.reply.Value(a.Name)
		switch {
		case v != cty.NilVal:
		case a.echo >= 0:
			v = rec.call.echo(a.echo).Cty()
		default:
			v = rec.common(a.Name)
		}
		attrs[a.Name] = a.convert(s.Kind.Name, v)
	}
	rec.whole = cty.ObjectVal(attrs)
	return rec.whole
}

func (a *attribute) convert(kind string, v cty.Value) cty.Value {
	switch {
	case v == cty.NilVal:
		v = cty.NullVal(a.Type)
	case !v.Type().Equals(a.Type):
		converted, err := convert.Convert(v, a.Type)
		if err != nil {
			panic(fmt.Sprintf("%s gives %s of another type than it declares: %v", kind, a.Name, err))
		}
		v = converted
	}
	if a.Sensitive && !v.IsNull() {
		v = v.Mark(eval.Sensitive)
	}
	return v
}

// common gives an attribute that every kind has, NilVal for another or an absent one.
func (rec *record) common(name string) cty.Value {
	reply := &rec.reply
	switch name {
	case "ok":
		return cty.BoolVal(reply.OK)
	case "status":
		if reply.Status != 0 {
			return cty.NumberIntVal(int64(reply.Status))
		}
	case "error":
		if p := reply.Problem; p != nil {
			return cty.ObjectVal(map[string]cty.Value{
				"code": text(p.Code), "description": text(p.Description), "message": text(p.Message),
			})
		}
	case "duration_ms":
		return milliseconds(reply.Duration)
	case "wait_ms":
		return milliseconds(rec.Wait)
	case "attempts":
		return cty.NumberIntVal(int64(rec.Attempts))
	case "started_at":
		if !reply.Start.IsZero() {
			return cty.StringVal(reply.Start.UTC().Format(time.RFC3339Nano))
		}
	case "request_id":
		if reply.RequestID != "" {
			return cty.StringVal(reply.RequestID)
		}
	case "headers":
		return headers(steps.PlainHeaders(reply.Header))
	}
	return cty.NilVal
}

func text(s string) cty.Value {
	if s == "" {
		return cty.NullVal(cty.String)
	}
	return cty.StringVal(s)
}

func milliseconds(d time.Duration) cty.Value { return cty.NumberFloatVal(inMilliseconds(d)) }

func inMilliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func headers(from map[string]string) cty.Value {
	if len(from) == 0 {
		return cty.NilVal
	}
	values := make(map[string]cty.Value, len(from))
	for name, v := range from {
		values[name] = cty.StringVal(v)
	}
	return cty.MapVal(values)
}
