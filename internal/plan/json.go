package plan

import (
	"encoding/json"
	"io"
)

// WriteJSON writes the plans as one document. Lists are never null, and the same
// plans give the same bytes. It holds no secret.
func WriteJSON(w io.Writer, plans []*Plan) error {
	doc := struct {
		FormatVersion string      `json:"format_version"`
		Suites        []suiteView `json:"suites"`
	}{FormatVersion, make([]suiteView, 0, len(plans))}
	for _, p := range plans {
		doc.Suites = append(doc.Suites, newViewer(p).plan(p))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}
