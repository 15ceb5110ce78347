package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := report.JSON(&b, mixed()); err != nil {
		t.Fatal(err)
	}
	golden(t, "mixed.json", b.String())
}

func TestDocumentIsTheSameOnOneLine(t *testing.T) {
	t.Parallel()
	var indented, compact bytes.Buffer
	if err := report.JSON(&indented, passing()); err != nil {
		t.Fatal(err)
	}
	if err := json.Compact(&compact, indented.Bytes()); err != nil {
		t.Fatal(err)
	}
	got, err := report.Document(passing())
	if err != nil || string(got) != compact.String() {
		t.Errorf("%v: got %s, want %s", err, got, compact.String())
	}
}

func TestListsAreNeverNull(t *testing.T) {
	t.Parallel()
	a := stats.New(result.Run{}, []stats.Case{{Suite: "s", Scenario: "x", Address: "scenario.x"}})
	got, err := report.Document(a.Summary(stats.End{}))
	if err != nil || bytes.Contains(got, []byte("null")) {
		t.Errorf("%v: %s", err, got)
	}
}
