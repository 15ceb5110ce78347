package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/stats"
)

// maxAnnotation is how much of a message GitHub shows.
const maxAnnotation = 3000

// GitHub writes a workflow command for each sort of failure, so that it is shown
// beside the line of the scenario that it belongs to.
func GitHub(w io.Writer, s *stats.Summary) error {
	for _, f := range s.Failures {
		if err := Annotations(w, diagnostics(f, again(s), 1)); err != nil {
			return err
		}
	}
	return nil
}

// Annotations writes a GitHub workflow command for each diagnostic.
func Annotations(w io.Writer, l diag.List) error {
	for _, d := range l {
		if _, err := io.WriteString(w, annotation(d)); err != nil {
			return err
		}
	}
	return nil
}

func annotation(d diag.Diagnostic) string {
	var properties []string
	if d.Range != nil {
		properties = append(properties,
			"file="+escapeProperty(d.Range.Filename),
			fmt.Sprintf("line=%d", d.Range.Start.Line),
			fmt.Sprintf("endLine=%d", max(d.Range.End.Line, d.Range.Start.Line)))
	}
	properties = append(properties, "title="+escapeProperty(d.Summary))
	return "::" + d.Severity.String() + " " + strings.Join(properties, ",") + "::" + escapeData(message(d)) + "\n"
}

// message is what the frame says besides the source, which GitHub shows itself.
func message(d diag.Diagnostic) string {
	var parts []string
	if d.Detail != "" {
		parts = append(parts, d.Detail)
	}
	if d.Address != "" {
		parts = append(parts, "with "+d.Address)
	}
	for _, v := range d.Values {
		parts = append(parts, v.Traversal+" "+v.Statement)
	}
	for _, s := range d.Sections {
		parts = append(parts, s.Title+":\n"+strings.Join(s.Lines, "\n"))
	}
	text := []rune(diag.CleanText(strings.Join(parts, "\n")))
	if len(text) > maxAnnotation {
		return string(text[:maxAnnotation]) + "…"
	}
	return string(text)
}

// escapeData and escapeProperty follow the rules of GitHub's own toolkit.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(diag.CleanLine(s))
}
