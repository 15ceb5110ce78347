package generic

import (
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/steps"
)

// received are the results of a message that came.
type received struct {
	message *capture.Message
	latency time.Duration
	// extracted has a text for each pattern, in the order of the names; nil when one of
	// them was not found.
	extracted []part
	// room is for the few that most steps want.
	room [2]part
}

// Value implements [steps.Values].
func (r *received) Value(name string) cty.Value {
	switch name {
	case "links":
		return links(r.message.Links)
	case "extracted":
		if r.extracted == nil {
			return cty.NilVal
		}
		attrs := make(map[string]cty.Value, len(r.extracted))
		for _, p := range r.extracted {
			attrs[p.name] = cty.StringVal(p.text)
		}
		return cty.ObjectVal(attrs)
	case "subject":
		if r.message.Subject == "" {
			return cty.NullVal(cty.String)
		}
	}
	v, _ := r.simple(name)
	return v.Cty()
}

// At implements [steps.Values].
func (r *received) At(name string, path []string) (eval.Value, bool) {
	if name == "extracted" && r.extracted != nil && len(path) == 1 {
		for _, p := range r.extracted {
			if p.name == path[0] {
				return eval.Text(p.text), true
			}
		}
		return eval.Value{}, true
	}
	if v, ok := r.simple(name); ok && len(path) == 0 {
		return v, true
	}
	return steps.Below(r.Value(name), path)
}

func (r *received) simple(name string) (eval.Value, bool) {
	switch name {
	case "channel":
		return eval.Text(r.message.Channel), true
	case "subject":
		if r.message.Subject == "" {
			return eval.Null(), true
		}
		return eval.Text(r.message.Subject), true
	case "body":
		return eval.Text(r.message.Body), true
	case "received_at":
		return eval.Text(r.message.ReceivedAt.UTC().Format(time.RFC3339Nano)), true
	case "latency_ms":
		return eval.Float(float64(r.latency) / float64(time.Millisecond)), true
	}
	return eval.Value{}, false
}

func links(from []string) cty.Value {
	if len(from) == 0 {
		return cty.ListValEmpty(cty.String)
	}
	list := make([]cty.Value, len(from))
	for i, l := range from {
		list[i] = cty.StringVal(l)
	}
	return cty.ListVal(list)
}
