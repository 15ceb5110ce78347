package report_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

func junit(t *testing.T, s *stats.Summary) string {
	t.Helper()
	var b strings.Builder
	if err := report.JUnit(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	golden(t, "mixed.xml", junit(t, mixed()))
	golden(t, "many.xml", junit(t, many()))
}

// wellFormed reads the document to its end and tells the character data in it.
func wellFormed(t *testing.T, doc string) {
	t.Helper()
	if !utf8.ValidString(doc) {
		t.Error("not UTF-8")
	}
	for _, r := range doc {
		if r < 0x20 && r != '\n' {
			t.Fatalf("%U is in the document", r)
		}
	}
	dec := xml.NewDecoder(strings.NewReader(doc))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzJUnit looks for text of a target that breaks the document.
func FuzzJUnit(f *testing.F) {
	f.Add("]]>\x00\x1b[2J", "\xff\ufffe")
	f.Fuzz(func(t *testing.T, a, b string) {
		st := refused()
		st.Message, st.Name, st.Exchanges[0].Response = a, b, a
		it := iteration(a, b, a, 1, result.Error, ms, st)
		acc := stats.New(run(), []stats.Case{{Suite: a, Scenario: b, Key: a, Address: it.Address, Tags: []string{a, b}}})
		acc.Add(it)
		wellFormed(t, junit(t, acc.Summary(stats.End{})))
	})
}
