package diag

import (
	"encoding/json"
	"fmt"
	"io"
)

// FormatVersion is the version of the JSON documents that hold diagnostics. The
// shape is Terraform's, so that tools made for it read ours; sections are added.
const FormatVersion = "1.0"

// WriteJSON writes the list as one document: whether it holds no error, the
// counts, and the diagnostics.
func (l List) WriteJSON(w io.Writer) error {
	doc := struct {
		FormatVersion string `json:"format_version"`
		Valid         bool   `json:"valid"`
		ErrorCount    int    `json:"error_count"`
		WarningCount  int    `json:"warning_count"`
		Diagnostics   List   `json:"diagnostics"`
	}{FormatVersion: FormatVersion, Valid: !l.HasErrors(), Diagnostics: l}
	for _, d := range l {
		if d.Severity == Error {
			doc.ErrorCount++
		} else {
			doc.WarningCount++
		}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

// MarshalJSON gives a list, empty rather than null.
func (l List) MarshalJSON() ([]byte, error) { return json.Marshal(orEmpty([]Diagnostic(l))) }

type diagnosticJSON struct {
	Severity Severity     `json:"severity"`
	Summary  string       `json:"summary"`
	Detail   string       `json:"detail"`
	Address  string       `json:"address,omitempty"`
	Range    *Range       `json:"range,omitempty"`
	Snippet  *snippetJSON `json:"snippet,omitempty"`
	Sections []Section    `json:"sections"`
}

type snippetJSON struct {
	Context        *string `json:"context"`
	Code           string  `json:"code"`
	StartLine      int     `json:"start_line"`
	HighlightStart int     `json:"highlight_start_offset"`
	HighlightEnd   int     `json:"highlight_end_offset"`
	Values         []Value `json:"values"`
}

// MarshalJSON gives the diagnostic in Terraform's shape. Values without a snippet
// stand in one without code, its start_line 0.
func (d Diagnostic) MarshalJSON() ([]byte, error) {
	out := diagnosticJSON{
		Severity: d.Severity, Summary: d.Summary, Detail: d.Detail, Address: d.Address,
		Range: d.Range, Sections: make([]Section, 0, len(d.Sections)),
	}
	for _, s := range d.Sections {
		out.Sections = append(out.Sections, Section{Title: s.Title, Lines: orEmpty(s.Lines)})
	}
	if d.Snippet != nil || len(d.Values) > 0 {
		out.Snippet = &snippetJSON{Values: orEmpty(d.Values)}
	}
	if s := d.Snippet; s != nil {
		out.Snippet.Code, out.Snippet.StartLine = s.Code, s.StartLine
		out.Snippet.HighlightStart, out.Snippet.HighlightEnd = s.HighlightStart, s.HighlightEnd
		if s.Context != "" {
			out.Snippet.Context = &s.Context
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what [Diagnostic.MarshalJSON] gives.
func (d *Diagnostic) UnmarshalJSON(data []byte) error {
	var in diagnosticJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*d = Diagnostic{
		Severity: in.Severity, Summary: in.Summary, Detail: in.Detail, Address: in.Address,
		Range: in.Range, Sections: in.Sections,
	}
	if s := in.Snippet; s != nil {
		d.Values = s.Values
		if s.StartLine > 0 {
			d.Snippet = &Snippet{
				Code: s.Code, StartLine: s.StartLine,
				HighlightStart: s.HighlightStart, HighlightEnd: s.HighlightEnd,
			}
			if s.Context != nil {
				d.Snippet.Context = *s.Context
			}
		}
	}
	return nil
}

// MarshalText gives the word of the severity.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText takes the word of the severity.
func (s *Severity) UnmarshalText(text []byte) error {
	for _, v := range []Severity{Warning, Error} {
		if v.String() == string(text) {
			*s = v
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q", text)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
