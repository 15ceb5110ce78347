package emulator

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/secret"
)

// openDocument is what the test reads of the OpenAPI document.
type openDocument struct {
	OpenAPI    string
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]any }
}

type operation struct {
	Summary    string
	Parameters []struct{ Name, In string }
	Responses  map[string]struct{ Description string }
}

// Every route that is served is in the document, and everything in the document is
// served and leads somewhere.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	e := New(Options{})
	handler := e.Admin(secret.New("t"))
	ask := func(verb, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), verb, path, nil)
		r.Header.Set("Authorization", "Bearer t")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	text := ask(http.MethodGet, "/_ab/openapi.json").Body.String()
	var out openDocument
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	if out.OpenAPI != "3.1.0" {
		t.Errorf("version %q", out.OpenAPI)
	}
	documented := 0
	for path, operations := range out.Paths {
		for verb, op := range operations {
			documented++
			if op.Summary == "" || op.Responses["default"].Description == "" || len(op.Responses) != 2 {
				t.Errorf("%s %s: %+v", verb, path, op)
			}
			in := 0
			for _, p := range op.Parameters {
				if p.In == "path" && strings.Contains(path, "{"+p.Name+"}") {
					in++
				}
			}
			if in != strings.Count(path, "{") {
				t.Errorf("%s %s: parameters %+v", verb, path, op.Parameters)
			}
			served := ask(strings.ToUpper(verb), strings.NewReplacer("{project}", "no.project", "{", "", "}", "").Replace(path))
			if strings.Contains(served.Body.String(), "no such route") || served.Code == http.StatusMethodNotAllowed {
				t.Errorf("%s %s is not served: %d %s", verb, path, served.Code, served.Body)
			}
		}
	}
	// The table is the only way to a route: what is documented is all that is served.
	if routes := (admin{emulator: e}).routes(); documented != len(routes) {
		t.Errorf("%d operations for %d routes", documented, len(routes))
	}
	const reference = `"#/components/schemas/`
	for rest := text; ; {
		_, after, ok := strings.Cut(rest, reference)
		if !ok {
			break
		}
		name, _, _ := strings.Cut(after, `"`)
		if _, known := out.Components.Schemas[name]; !known {
			t.Errorf("schema %s is not there", name)
		}
		rest = after
	}
	for _, name := range []string{"emulator.clockRequest-Input", "emulator.projectState", "policy.Fault-Input", "policy.Fault", "descope.User"} {
		if _, known := out.Components.Schemas[name]; !known {
			t.Errorf("schema %s is not there", name)
		}
	}
}
