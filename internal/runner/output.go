package runner

import (
	"encoding/json"
	"fmt"

	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/secret"
)

// maxOutput bounds the JSON of an output, in bytes.
const maxOutput = 64 << 10

// evaluateOutputs evaluates what the scenario gives. After a failure those are given that
// can be; after a success one that can not be evaluated is an error.
func (it *iteration) evaluateOutputs() []result.Output {
	var out []result.Output
	for i := range it.program.Outputs {
		o := &it.program.Outputs[i]
		value, problem := it.output(o)
		if problem == "" {
			out = append(out, value)
			continue
		}
		if it.verdict.outcome == result.Success {
			it.verdict = verdict{outcome: result.Error, reason: result.ReasonOther, message: fmt.Sprintf("output %s: %s", o.Name, problem)}
		}
	}
	return out
}

func (it *iteration) output(o *plan.Output) (out result.Output, problem string) {
	defer func() {
		if p := recover(); p != nil {
			problem = fmt.Sprintf("panicked: %v", p)
		}
	}()
	v, diags := o.Value.Value(it.scope)
	if diags.HasErrors() {
		return out, diags[0].Summary + ": " + diags[0].Detail
	}
	out = result.Output{Name: o.Name, Sensitive: o.Sensitive || eval.IsSensitive(v)}
	if out.Sensitive {
		out.Value = quoted(secret.Mask)
		return out, ""
	}
	raw, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return out, err.Error()
	}
	if len(raw) > maxOutput {
		return out, fmt.Sprintf("its %d bytes are more than the limit of %d", len(raw), maxOutput)
	}
	out.Value = raw
	return out, ""
}

// quoted gives s as JSON. Encoding a text can not fail.
func quoted(s string) json.RawMessage {
	b, _ := json.Marshal(s)
	return b
}
