package emulator

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/policy"
)

// schemas gives the schemas of types and collects those of structs.
type schemas struct {
	known object
	// asked says that the documents are those of requests: all may be left out, and what
	// is unknown is refused. Of an answer, what is never left out is required.
	asked bool
}

// of is the schema of a type as its JSON is.
func (s schemas) of(t reflect.Type) object {
	text := object{"type": "string"}
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[[]byte]():
		return object{"type": "string", "contentEncoding": "base64"}
	case reflect.TypeFor[*posting]():
		return s.of(reflect.TypeFor[postingDocument]())
	case reflect.TypeFor[policy.Latency]():
		if s.asked {
			return object{"anyOf": []object{text, s.named(t)}}
		}
		return s.named(t)
	case reflect.TypeFor[policy.SMSGateway]():
		return s.named(t) // what it reads by itself are its fields
	}
	switch {
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return text
	case t.Implements(reflect.TypeFor[json.Marshaler]()), reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
		panic("no schema is known of what writes or reads itself, " + t.String())
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Slice, reflect.Array:
		return object{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Struct:
		return s.named(t)
	case reflect.String:
		return text
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.Interface:
		return object{} // anything
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return object{"type": "integer", "minimum": 0}
	default:
		return object{"type": "integer"}
	}
}

// named puts a struct among the components, once, and refers to it.
func (s schemas) named(t reflect.Type) object {
	name := t.String() // with its package: two of them have a Fault
	if s.asked {
		name += "-Input"
	}
	reference := object{"$ref": "#/components/schemas/" + name}
	if _, ok := s.known[name]; ok {
		return reference
	}
	properties, required := object{}, []string{}
	schema := object{"type": "object", "properties": properties}
	s.known[name] = schema // before its fields: they may refer to it
	for _, f := range reflect.VisibleFields(t) {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && tag == "" || !f.IsExported() || tag == "-" {
			continue
		}
		if tag == "" {
			tag = f.Name
		}
		if properties[tag] = s.of(f.Type); strings.Contains(options, "string") {
			properties[tag] = object{"type": "string", "pattern": "^[0-9]+$"}
		}
		if !strings.Contains(options, "omit") && !throughPointer(t, f) {
			required = append(required, tag)
		}
	}
	if s.asked {
		schema["additionalProperties"] = false
	} else if len(required) > 0 {
		schema["required"] = required
	}
	return reference
}

// throughPointer tells a field of a struct that is embedded by a pointer, which may be nil.
func throughPointer(t reflect.Type, f reflect.StructField) bool {
	for _, i := range f.Index[:len(f.Index)-1] {
		if t = t.Field(i).Type; t.Kind() == reflect.Pointer {
			return true
		}
	}
	return false
}
