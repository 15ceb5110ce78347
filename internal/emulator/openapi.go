package emulator

import (
	"encoding"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// openAPI is the admin API as an OpenAPI 3.1 document, made of the table of its routes.
func (a admin) openAPI(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, describe(a.routes()))
}

type object = map[string]any

func describe(routes []adminRoute) object {
	s := schemas{known: object{}}
	paths := object{}
	for _, route := range routes {
		operations, ok := paths[route.path].(object)
		if !ok {
			operations = object{}
			paths[route.path] = operations
		}
		operations[strings.ToLower(route.verb)] = s.operation(route)
	}
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": "authbench emulator, admin API", "version": "1",
			"description": "Durations are texts as Go writes them, such as 1m30s. Every document has a format_version.",
		},
		"paths":    paths,
		"security": []object{{"token": []string{}}},
		"components": object{
			"schemas":         s.known,
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer"}},
		},
	}
}

// schemas collects the structs that the documents are made of.
type schemas struct {
	known object
}

func (s *schemas) operation(route adminRoute) object {
	success := object{"description": http.StatusText(route.status)}
	if route.out != nil {
		success["content"] = s.content(route.out)
	}
	out := object{
		"summary": route.does,
		"responses": object{
			strconv.Itoa(route.status): success,
			"default":                  object{"description": "A refusal, with the reason", "content": s.content(adminFailure{})},
		},
	}
	if parameters := parametersOf(route); len(parameters) > 0 {
		out["parameters"] = parameters
	}
	if route.in != nil {
		out["requestBody"] = object{"content": s.content(route.in)}
	}
	if route.open {
		out["security"] = []object{}
	}
	return out
}

func parametersOf(route adminRoute) []object {
	var out []object
	text := object{"type": "string"}
	for part := range strings.SplitSeq(route.path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			out = append(out, object{"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": text})
		}
	}
	for _, q := range route.query {
		out = append(out, object{"name": q.name, "in": "query", "description": q.does, "schema": text})
	}
	return out
}

func (s *schemas) content(document any) object {
	return object{"application/json": object{"schema": s.of(reflect.TypeOf(document))}}
}

// of is the schema of a type as encoding/json writes it.
func (s *schemas) of(t reflect.Type) object {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()), t == reflect.TypeFor[[]byte]():
		return object{"type": "string"}
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
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.Interface:
		return object{} // anything
	default:
		return object{"type": "integer"}
	}
}

// named puts a struct among the components, once, and refers to it.
func (s *schemas) named(t reflect.Type) object {
	name := t.String() // with its package: two of them have a Fault
	reference := object{"$ref": "#/components/schemas/" + name}
	if _, ok := s.known[name]; ok {
		return reference
	}
	properties := object{}
	s.known[name] = object{"type": "object", "properties": properties} // before its fields: they may refer to it
	for _, f := range reflect.VisibleFields(t) {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && tag == "" || !f.IsExported() || tag == "-" {
			continue
		}
		if tag == "" {
			tag = f.Name
		}
		if strings.Contains(options, "string") {
			properties[tag] = object{"type": "string"}
		} else {
			properties[tag] = s.of(f.Type)
		}
	}
	return reference
}
