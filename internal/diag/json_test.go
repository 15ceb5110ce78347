package diag_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/authbench/authbench/internal/diag"
)

func TestWriteJSON(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := everyShape().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "list.json", b.String())
}

func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	want := everyShape()
	want = append(want, diag.Diagnostic{Severity: diag.Error, Summary: "Values alone", Values: []diag.Value{{Traversal: "a", Statement: "is null"}}})
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got diag.List
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got, want, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

func TestEmptyListIsNotNull(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(diag.List(nil))
	if err != nil || string(got) != "[]" {
		t.Errorf("got %s, %v, want []", got, err)
	}
}

func TestUnknownSeverity(t *testing.T) {
	t.Parallel()
	var d diag.Diagnostic
	if err := json.Unmarshal([]byte(`{"severity":"fatal"}`), &d); err == nil {
		t.Error("an unknown severity is taken")
	}
}
