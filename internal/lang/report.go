package lang

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/secret"
)

// maxDiagnostics bounds what one configuration can be told. A file that is wrong in
// more places is not one that somebody wrote.
const maxDiagnostics = 500

func (l *loader) error(r hcl.Range, summary, detail string) {
	if !l.full() {
		l.diags = append(l.diags, l.site(r).Diagnostic(diag.Error, summary, detail))
	}
}

func (l *loader) warn(r hcl.Range, summary, detail string) {
	if !l.full() {
		l.diags = append(l.diags, l.site(r).Diagnostic(diag.Warning, summary, detail))
	}
}

// operator reports a mistake that stands in no file.
func (l *loader) operator(summary, detail string) {
	l.diags = append(l.diags, diag.Diagnostic{Severity: diag.Error, Summary: summary, Detail: detail})
}

// full reports whether there is no room for more diagnostics.
func (l *loader) full() bool { return len(l.diags) >= maxDiagnostics }

// faulty reports whether there is an error within the range already.
func (l *loader) faulty(r hcl.Range) bool {
	return slices.ContainsFunc(l.diags, func(d diag.Diagnostic) bool {
		return d.Severity == diag.Error && d.Range != nil && d.Range.Filename == r.Filename &&
			d.Range.Start.Byte >= r.Start.Byte && d.Range.End.Byte <= r.End.Byte
	})
}

// finish puts the diagnostics in order and takes secrets out of them: a value that
// is secret by its declaration may stand in the source that a message shows.
func (l *loader) finish() {
	if l.full() {
		l.operator("Too many mistakes", fmt.Sprintf("Only the first %d are shown. Mend these, and check again.", len(l.diags)))
	}
	l.diags.Sort()
	if len(l.secrets) == 0 {
		return
	}
	scrub := secret.NewScrubber(l.secrets...)
	for i := range l.diags {
		d := &l.diags[i]
		d.Detail = scrub.Scrub(d.Detail)
		if d.Snippet != nil && scrub.Scrub(d.Snippet.Code) != d.Snippet.Code {
			d.Snippet = nil
		}
		for j := range d.Values {
			d.Values[j].Statement = scrub.Scrub(d.Values[j].Statement)
		}
		for _, s := range d.Sections {
			for j := range s.Lines {
				s.Lines[j] = scrub.Scrub(s.Lines[j])
			}
		}
	}
}
