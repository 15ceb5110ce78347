package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/authbench/authbench/internal/eval"
)

func (v *viewer) arg(a *Arg) argView {
	out := argView{Name: a.Spec.Name, State: stateUnknown, Value: null, KnownAfter: []string{}}
	exprs := make([]*eval.Expr, 0, 1+len(a.Pairs))
	sources := make([]string, 0, 1+len(a.Pairs))
	if a.Value != nil {
		exprs, sources = append(exprs, a.Value), append(sources, v.source(a.Value))
		out.Default = a.Value.Node() == nil
	}
	for _, p := range a.Pairs {
		exprs, sources = append(exprs, p.Value), append(sources, p.Name+" = "+v.source(p.Value))
	}
	sensitive := a.Spec.Sensitive
	for _, e := range exprs {
		folded, _ := e.Folded()
		sensitive = sensitive || eval.IsSensitive(folded)
		for _, r := range e.Refs() {
			if step := "step." + r.Name; r.Root == "step" && !slices.Contains(out.KnownAfter, step) {
				out.KnownAfter = append(out.KnownAfter, step)
			}
		}
	}
	if sensitive {
		out.State = stateSensitive
		return out
	}
	out.Expression = strings.Join(sources, ", ")
	if value := a.static(); value.IsWhollyKnown() {
		out.State, out.Value = stateKnown, v.json(value)
	}
	return out
}

func (v *viewer) key(key string, has bool) *string {
	if !has {
		return nil
	}
	key = v.text(key)
	return &key
}

// source gives the text of an expression on one line.
func (v *viewer) source(e *eval.Expr) string {
	if e == nil {
		return ""
	}
	return v.text(strings.Join(strings.Fields(e.Site().Text()), " "))
}

// words writes the value of an expectation, or its expression while it is unknown.
func (v *viewer) words(e *eval.Expr) string {
	if e == nil {
		return ""
	}
	val, ok := e.Folded()
	if !ok {
		return v.source(e)
	}
	return v.text(strings.Join(eval.Texts(val, nil), " or "))
}

var null = json.RawMessage("null")

// json writes a known value without marks. Its texts are scrubbed one by one, so
// that the document stays whole whatever the secrets are.
func (v *viewer) json(val cty.Value) json.RawMessage {
	clean, err := cty.Transform(val, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		if part.Type() == cty.String && part.IsKnown() && !part.IsNull() {
			return cty.StringVal(v.text(part.AsString())), nil
		}
		return part, nil
	})
	if err != nil {
		return null
	}
	text, err := ctyjson.Marshal(clean, clean.Type())
	if err != nil {
		return null
	}
	return readable(text)
}

// readable writes JSON without the escapes that HTML would need: values are for people
// as well, and a regular expression is full of such characters.
func readable(text []byte) json.RawMessage {
	var value any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&value); err != nil {
		return null
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return null
	}
	return bytes.TrimSpace(b.Bytes())
}

// String writes the reference as the language does, without its root.
func (r StepRef) String() string { return "step." + instanceName(r.Name, r.Key, r.Key != "") }

func instanceName(name, key string, has bool) string {
	if !has {
		return name
	}
	return fmt.Sprintf("%s[%q]", name, key)
}

func texts(in []string) []string { return append([]string{}, in...) }
