package emulator

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// openAPI is the admin API as an OpenAPI 3.1 document, made of the table of its routes.
func (a admin) openAPI(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, describe(a.routes()))
}

type object = map[string]any

// eitherOf stands for a document of one of several forms.
type eitherOf []any

// eventStream stands for an answer of server-sent events.
type eventStream struct{}

func describe(routes []adminRoute) object {
	known := object{}
	asked, answered := schemas{known, true}, schemas{known, false}
	paths := object{}
	for _, route := range routes {
		operations, ok := paths[route.path].(object)
		if !ok {
			operations = object{}
			paths[route.path] = operations
		}
		success := object{"description": http.StatusText(route.status)}
		if route.out != nil {
			success["content"] = answered.content(route.out)
		}
		operation := object{
			"summary": route.does,
			"responses": object{
				strconv.Itoa(route.status): success,
				"default":                  object{"description": "A refusal, with the reason", "content": answered.content(adminFailure{})},
			},
		}
		if parameters := parametersOf(route); len(parameters) > 0 {
			operation["parameters"] = parameters
		}
		if route.in != nil {
			operation["requestBody"] = object{"content": asked.content(route.in)}
		}
		if route.open {
			operation["security"] = []object{}
		}
		operations[strings.ToLower(route.verb)] = operation
	}
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": "authbench emulator, admin API", "version": strconv.Itoa(AdminVersion),
			"description": "Durations are texts as Go writes them, such as 1m30s. Every document of an answer has a format_version. " +
				"A member of a request that is null is as if it were left out.",
		},
		"paths":    paths,
		"security": []object{{"token": []string{}}},
		"components": object{
			"schemas":         known,
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer"}},
		},
	}
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

func (s schemas) content(document any) object {
	switch d := document.(type) {
	case eventStream:
		return object{"text/event-stream": object{"schema": object{"type": "string", "description": streamDoes}}}
	case eitherOf:
		forms := make([]object, len(d))
		for i, one := range d {
			forms[i] = s.of(reflect.TypeOf(one))
		}
		return object{"application/json": object{"schema": object{"anyOf": forms}}}
	}
	return object{"application/json": object{"schema": s.of(reflect.TypeOf(document))}}
}
