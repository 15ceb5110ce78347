package eval

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

type mark string

// Sensitive is the one mark of the language: the value must not be shown.
const Sensitive = mark("sensitive")

// IsSensitive reports whether the value or a part of it must not be shown.
func IsSensitive(v cty.Value) bool { return v != cty.NilVal && v.HasMarkDeep(Sensitive) }

// Reveal takes the marks off, and gives every text that stood behind one.
func Reveal(v cty.Value) (plain cty.Value, secrets []string) {
	if !v.HasMarkDeep(Sensitive) {
		return v, nil
	}
	plain, paths := v.UnmarkDeepWithPaths()
	for _, p := range paths {
		if part, err := p.Path.Apply(plain); err == nil {
			secrets = Texts(part, secrets)
		}
	}
	return plain, secrets
}

// Texts appends every known text and number inside a value without marks to dst.
func Texts(v cty.Value, dst []string) []string {
	v, _ = v.UnmarkDeep()
	_ = cty.Walk(v, func(_ cty.Path, part cty.Value) (bool, error) {
		if !part.IsKnown() || part.IsNull() {
			return false, nil
		}
		switch part.Type() {
		case cty.String:
			dst = append(dst, part.AsString())
		case cty.Number:
			dst = append(dst, part.AsBigFloat().Text('f', -1))
		}
		return true, nil
	})
	return dst
}

// Show writes a value for people, as the language would: what is marked is not
// shown. It is not cut: secrets without a mark must be taken out of it first.
func Show(v cty.Value) string {
	switch {
	case v == cty.NilVal:
		return "nothing"
	case IsSensitive(v):
		return "(sensitive)"
	case !v.IsKnown():
		return "(not known yet)"
	case v.IsNull():
		return "null"
	}
	v, _ = v.UnmarkDeep()
	switch v.Type() {
	case cty.String:
		return strconv.Quote(v.AsString())
	case cty.Number:
		return v.AsBigFloat().Text('f', -1)
	case cty.Bool:
		return strconv.FormatBool(v.True())
	}
	if !v.IsWhollyKnown() {
		return v.Type().FriendlyName() + " (not known yet)"
	}
	text, err := json.Marshal(ctyjson.SimpleJSONValue{Value: v})
	if err != nil {
		return v.Type().FriendlyName()
	}
	return plainJSON(text)
}

// plainJSON takes back the escapes that JSON needs inside HTML alone.
func plainJSON(text []byte) string {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if d.Decode(&v) != nil || e.Encode(v) != nil {
		return string(text)
	}
	return strings.TrimSpace(out.String())
}

const (
	sensitiveStatement = "has a sensitive value"
	unknownStatement   = ", known only when it runs"
)

// Statement says what a value is, for the list of values below a message.
func Statement(v cty.Value) string {
	switch {
	case IsSensitive(v):
		return sensitiveStatement
	case v == cty.NilVal, !v.IsKnown():
		return "is " + typeName(v) + unknownStatement
	case v.IsNull():
		return "is null"
	case v.Type().IsObjectType(), v.Type().IsMapType():
		return fmt.Sprintf("is %s with %d attributes", typeName(v), v.LengthInt())
	case v.CanIterateElements():
		return fmt.Sprintf("is %s with %d elements", typeName(v), v.LengthInt())
	}
	return "is " + Show(v)
}

func typeName(v cty.Value) string {
	if v == cty.NilVal || v.Type() == cty.DynamicPseudoType {
		return "a value"
	}
	if v.Type().IsObjectType() {
		return "object"
	}
	return v.Type().FriendlyName()
}
