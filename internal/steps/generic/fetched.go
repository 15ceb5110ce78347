package generic

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/jsondoc"
	"github.com/authbench/authbench/internal/steps"
)

// fetched are the results of a plain request. The body is looked at when something
// refers to it.
type fetched struct {
	body []byte
	// doc is the body where it is usual JSON; walked tells that it was looked for.
	doc    jsondoc.Value
	walked bool
	// json is the body as a value, NilVal before it is asked for.
	json cty.Value
}

// Value implements [steps.Values].
func (f *fetched) Value(name string) cty.Value {
	switch name {
	case "body":
		return cty.StringVal(f.text())
	case "json":
		if f.json == cty.NilVal {
			f.json = jsonOf(f.body)
		}
		return f.json
	}
	return cty.NilVal
}

// At implements [steps.Values].
func (f *fetched) At(name string, path []string) (eval.Value, bool) {
	switch {
	case name == "body" && len(path) == 0:
		return eval.Text(f.text()), true
	case name == "json":
		if !f.walked {
			f.doc, _ = jsondoc.Valid(f.body)
			f.walked = true
		}
		// Whatever else encoding/json takes is left to Value, and null as well.
		if k := f.doc.Kind(); k == jsondoc.Object || k == jsondoc.String || k == jsondoc.Bool || k == jsondoc.Number {
			return steps.JSONAt(f.doc, path)
		}
	case name != "body":
		return eval.Value{}, true
	}
	return eval.Value{}, false
}

func (f *fetched) text() string { return strings.ToValidUTF8(string(f.body), "\uFFFD") }

func jsonOf(body []byte) cty.Value {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	if _, err := d.Token(); err != io.EOF {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return steps.FromJSON(v)
}
