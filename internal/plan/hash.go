package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"github.com/authbench/authbench/internal/eval"
)

// Hash tells two plans apart: what a profile runs, or all scenarios where l is nil. It is
// made of the plan as it is printed and of the rows of datasets, without secrets, without
// the places in the files, and without what opening the providers completes. The same
// files with the same inputs have the same hash on every machine; changing a secret, a
// comment or the layout of a file does not change it.
func (p *Plan) Hash(l *Load) (string, error) {
	if l != nil {
		p = p.Only(l)
	} else {
		p = p.part(func(*Scenario) bool { return true })
	}
	v := newViewer(p)
	v.placeless = true
	view := v.plan(p)
	view.Suite = ""
	for i := range view.Providers {
		view.Providers[i].Arguments = nil
	}
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(view); err != nil {
		return "", fmt.Errorf("hash of the plan: %w", err)
	}
	for _, d := range p.Datasets {
		if err := d.Rows.hash(h); err != nil {
			return "", fmt.Errorf("hash of dataset %s: %w", d.Name, err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// hash writes the cells that are no secret, each with its length.
func (t Table) hash(w io.Writer) error {
	for i, text := range t.texts {
		if t.columns[i%len(t.columns)].Sensitive {
			continue
		}
		if _, err := fmt.Fprintf(w, "%d:%s", len(text), text); err != nil {
			return err
		}
	}
	for _, cell := range t.values {
		v := cell.Cty()
		if eval.IsSensitive(v) {
			continue
		}
		text := eval.Show(v)
		if _, err := fmt.Fprintf(w, "%d:%s", len(text), text); err != nil {
			return err
		}
	}
	return nil
}
