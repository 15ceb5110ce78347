package runner

import (
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/steps"
)

// value makes the result of a step, in exactly the types that its kind declares:
// what is absent is null, what is secret by its type is marked. A kind that breaks
// its word panics here, which the step reports.
func (s *step) value(rec *record) cty.Value {
	reply := &rec.reply
	attrs := make(map[string]cty.Value, len(s.results))
	for i := range s.results {
		a := &s.results[i]
		v := reply.Value(a.Name)
		switch {
		case v != cty.NilVal:
		case a.echo >= 0:
			v = rec.call.echo[a.echo]
		default:
			v = common(a.Name, rec, reply)
		}
		attrs[a.Name] = a.convert(s.Kind.Name, v)
	}
	return cty.ObjectVal(attrs)
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
func common(name string, rec *record, reply *steps.Reply) cty.Value {
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

func milliseconds(d time.Duration) cty.Value {
	return cty.NumberFloatVal(float64(d) / float64(time.Millisecond))
}

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
