package diag_test

import (
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/diag"
)

func text(t *testing.T, l diag.List, o diag.TextOptions) string {
	t.Helper()
	var b strings.Builder
	if err := l.WriteText(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		file    string
		options diag.TextOptions
	}{
		{"framed.txt", diag.TextOptions{Frame: true, Width: 80}},
		{"narrow.txt", diag.TextOptions{Frame: true, Width: 40}},
		{"plain.txt", diag.TextOptions{}},
		{"color.txt", diag.TextOptions{Frame: true, Width: 100, Color: true}},
	} {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			golden(t, test.file, text(t, everyShape(), test.options))
		})
	}
}

func TestFrameStaysInsideWidth(t *testing.T) {
	t.Parallel()
	d := failedAssertion()
	d.Snippet = nil // source is not broken, so that carets stay in place
	d.Address = ""
	for line := range strings.SplitSeq(text(t, diag.List{d}, diag.TextOptions{Frame: true, Width: 60}), "\n") {
		if n := diag.Columns(line); n > 60 {
			t.Errorf("%d columns: %q", n, line)
		}
	}
}

func TestColorOnlyAddsSequences(t *testing.T) {
	t.Parallel()
	o := diag.TextOptions{Frame: true, Width: 80}
	want := text(t, everyShape(), o)
	o.Color = true
	got := text(t, everyShape(), o)
	for _, code := range []string{"\x1b[0m", "\x1b[1m", "\x1b[4m", "\x1b[31m", "\x1b[33m"} {
		got = strings.ReplaceAll(got, code, "")
	}
	if got != want {
		t.Errorf("coloured text differs from plain text:\n%s", got)
	}
}

func TestTextOfNothing(t *testing.T) {
	t.Parallel()
	if got := text(t, nil, diag.TextOptions{Frame: true}); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
}

// FuzzWriteText looks for places at which text of others drives the terminal.
func FuzzWriteText(f *testing.F) {
	f.Add("a\x1b[2J", "b\nc", 1, 9, 40)
	f.Add("日本\u202e", "\xff\xfe", -3, 2, 1)
	f.Fuzz(func(t *testing.T, a, b string, start, end, width int) {
		d := diag.Diagnostic{
			Severity: diag.Error, Summary: a, Detail: b, Address: a,
			Range:    &diag.Range{Filename: b},
			Snippet:  &diag.Snippet{Context: a, Code: b, HighlightStart: start, HighlightEnd: end},
			Values:   []diag.Value{{Traversal: a, Statement: b}},
			Sections: []diag.Section{{Title: a, Lines: []string{b}}},
		}
		got := text(t, diag.List{d}, diag.TextOptions{Frame: true, Width: width})
		for _, r := range got {
			if r < 0x20 && r != '\n' || r >= 0x7f && r < 0xa0 || r == '\u202e' {
				t.Fatalf("%U reaches the terminal: %q", r, got)
			}
		}
		for line := range strings.Lines(got) {
			if !strings.HasPrefix(line, "╷") && !strings.HasPrefix(line, "│") && !strings.HasPrefix(line, "╵") {
				t.Fatalf("line outside the frame: %q", line)
			}
		}
	})
}
