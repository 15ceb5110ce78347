package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/lang"
)

const settingsToken = "admin-token-of-the-test"

// tree is a block that is filled, in the form that both languages are written from.
type tree struct {
	member, label string
	args          map[string]any
	blocks        map[string]*tree
}

func newTree() *tree { return &tree{args: map[string]any{}, blocks: map[string]*tree{}} }

var labels = map[string]string{"carrier": "+213", "answer": "undeliverable"}

func (n *tree) put(s setting, value any) {
	for _, b := range s.blocks {
		inner, ok := n.blocks[b.kind]
		if !ok {
			inner = newTree()
			n.blocks[b.kind] = inner
		}
		if inner.member = b.member; b.member != "" {
			if inner.label = labels[b.kind]; inner.label == "" {
				inner.label = "one"
			}
		}
		n = inner
	}
	n.args[s.name] = value
}

func (n *tree) json() map[string]any {
	out := maps.Clone(n.args)
	if n.member != "" {
		out[n.member] = n.label
	}
	for kind, b := range n.blocks {
		if out[kind] = b.json(); b.member != "" {
			out[kind] = []any{b.json()}
		}
	}
	return out
}

func (n *tree) hcl(t *testing.T, kind string) string {
	t.Helper()
	var b strings.Builder
	if b.WriteString(kind); n.member != "" {
		fmt.Fprintf(&b, " %q", n.label)
	}
	b.WriteString(" {\n")
	for _, name := range slices.Sorted(maps.Keys(n.args)) {
		fmt.Fprintf(&b, "%s = %s\n", name, compact(t, n.args[name])) // JSON values are HCL
	}
	for _, name := range slices.Sorted(maps.Keys(n.blocks)) {
		b.WriteString(n.blocks[name].hcl(t, name))
	}
	b.WriteString("}\n")
	return b.String()
}

func compact(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func takenAsHCL(t *testing.T, text string) any {
	t.Helper()
	file := filepath.Join(t.TempDir(), "emulator.hcl")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, diags, err := lang.LoadPolicy(file)
	if err != nil || diags.HasErrors() {
		t.Fatalf("%s: %v %+v", text, err, diags)
	}
	out, _ := parsed(t, compact(t, p.Revealed())).(map[string]any)
	delete(out, "seed") // an export has it in the state
	return out
}

// takenAsJSON makes a project and gives its policy as an export has it.
func takenAsJSON(t *testing.T, admin *httptest.Server, id, document string) any {
	t.Helper()
	if status, text := askAdmin(t, admin, http.MethodPut, id, document); status != http.StatusCreated {
		t.Fatalf("%s: %d %s", document, status, text)
	}
	_, text := askAdmin(t, admin, http.MethodGet, id, "")
	exported, _ := parsed(t, text).(map[string]any)
	out, _ := exported["policy"].(map[string]any)
	delete(out, "seed")
	return out
}

func askAdmin(t *testing.T, admin *httptest.Server, verb, id, body string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), verb, admin.URL+"/_ab/projects/"+id, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+settingsToken)
	answer, err := admin.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	read, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(read)
}

func parsed(t *testing.T, text string) (out any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}
