package emulator_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// described is an OpenAPI document as the test reads it.
type described struct {
	Paths      map[string]map[string]describedOperation
	Components struct{ Schemas map[string]schema }
}

type describedOperation struct {
	RequestBody describedContent
	Responses   map[string]describedContent
}

type describedContent struct {
	Content map[string]struct{ Schema schema }
}

// schema is the part of JSON Schema that the document uses. No other is read.
type schema struct {
	Ref                  string `json:"$ref"`
	AnyOf                []schema
	Type                 string
	Format               string
	Pattern              string
	ContentEncoding      string
	Description          string
	Minimum              *float64
	Items                *schema
	Properties           map[string]schema
	Required             []string
	AdditionalProperties additional
}

// additional is a schema, or false. Absent it is false too: the test takes for wrong what
// the document does not tell of.
type additional struct{ schema *schema }

func (a *additional) UnmarshalJSON(text []byte) error {
	if string(text) == "false" {
		return nil
	}
	a.schema = &schema{}
	return strictly(text, a.schema)
}

func strictly(text []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// check tells where a value is not what its schema says.
func (d *described) check(s schema, at string, v any) (faults []string) {
	wrong := func(format string, args ...any) []string {
		return append(faults, at+": "+fmt.Sprintf(format, args...))
	}
	switch {
	case s.Ref != "":
		named, ok := d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
		if !ok {
			return wrong("%s is nowhere", s.Ref)
		}
		return d.check(named, at, v)
	case len(s.AnyOf) > 0:
		for _, one := range s.AnyOf {
			found := d.check(one, at, v)
			if len(found) == 0 {
				return nil
			}
			faults = append(faults, found...)
		}
		return faults
	}
	switch v := v.(type) {
	case nil:
		if s.Type != "" {
			return wrong("null, want %s", s.Type)
		}
	case string:
		if s.Type != "string" && s.Type != "" {
			return wrong("a text, want %s", s.Type)
		}
		if _, err := time.Parse(time.RFC3339Nano, v); s.Format == "date-time" && err != nil {
			return wrong("%q is no time", v)
		}
		if !regexp.MustCompile(s.Pattern).MatchString(v) {
			return wrong("%q does not match %s", v, s.Pattern)
		}
	case bool:
		if s.Type != "boolean" && s.Type != "" {
			return wrong("a bool, want %s", s.Type)
		}
	case float64:
		if s.Type != "number" && (s.Type != "integer" || v != math.Trunc(v)) && s.Type != "" || s.Minimum != nil && v < *s.Minimum {
			return wrong("%v, want %s", v, s.Type)
		}
	case []any:
		if s.Type != "array" && s.Type != "" {
			return wrong("a list, want %s", s.Type)
		}
		for i, one := range v {
			if s.Items != nil {
				faults = append(faults, d.check(*s.Items, fmt.Sprintf("%s[%d]", at, i), one)...)
			}
		}
	case map[string]any:
		if s.Type == "" {
			return nil
		}
		if s.Type != "object" {
			return wrong("an object, want %s", s.Type)
		}
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				faults = wrong("%s is missing", name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if property, ok := s.Properties[name]; ok {
				faults = append(faults, d.check(property, at+"."+name, v[name])...)
			} else if s.AdditionalProperties.schema != nil {
				faults = append(faults, d.check(*s.AdditionalProperties.schema, at+"."+name, v[name])...)
			} else {
				faults = wrong("%s is not described", name)
			}
		}
	}
	return faults
}
