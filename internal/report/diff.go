package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/authbench/authbench/internal/compare"
	"github.com/authbench/authbench/internal/diag"
)

// DiffText writes how a second run compares with a first: each number with the interval
// of its change, and what that means.
func DiffText(w io.Writer, c *compare.Comparison, o TextOptions) error {
	var b strings.Builder
	t := new(table)
	t.row(0, cell{}, cell{}, cell{text: "A", right: true, style: dim}, cell{text: "B", right: true, style: dim},
		cell{text: "change", right: true, style: dim}, cell{text: "between", style: dim}, cell{})
	before := ""
	for _, l := range c.Lines {
		name := subjectName(l.Subject)
		shown := name
		if name == before {
			shown = ""
		}
		before = name
		word, tone := verdictText(l.Quantity, l.Verdict)
		t.row(0, cell{text: shown, style: bold}, cell{text: quantityWord(l.Quantity), style: dim},
			cell{text: estimateText(l.Quantity, l.A), right: true}, cell{text: estimateText(l.Quantity, l.B), right: true},
			cell{text: lineChange(l), right: true}, cell{text: lineBounds(l), style: dim}, cell{text: word, style: tone})
	}
	write(&b, t.lines(o.Width, o.Color))
	b.WriteByte('\n')
	for _, note := range c.Notes {
		b.WriteString(dress("note: "+diag.CleanLine(note), o.Color, yellow) + "\n")
	}
	b.WriteString(dress(diffMethod(c), o.Color, dim) + "\n")
	b.WriteString(diffVerdict(c, o.Color) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func lineChange(l compare.Line) string {
	if l.A.Samples == 0 || l.B.Samples == 0 {
		return ""
	}
	return changeText(l.Quantity, l.Change)
}

// lineBounds is the interval of the change, empty where it is not known.
func lineBounds(l compare.Line) string {
	if lineChange(l) == "" || l.A.Low == l.A.High || l.B.Low == l.B.High {
		return ""
	}
	return changeText(l.Quantity, l.Low) + " and " + changeText(l.Quantity, l.High)
}

func diffMethod(c *compare.Comparison) string {
	return fmt.Sprintf("All intervals together are sure to %.0f %%. A change of up to %.0f %% is not told.", 100*c.Confidence, 100*c.Tolerance)
}

func diffVerdict(c *compare.Comparison, color bool) string {
	var regressed, improved, unknown, missing uint64
	for _, l := range c.Lines {
		switch l.Verdict {
		case compare.Slower, compare.Worse:
			regressed++
		case compare.Faster, compare.Better:
			improved++
		case compare.NotEnough:
			unknown++
		case compare.OnlyA:
			missing++
		}
	}
	word, tone := "No regression.", green
	switch {
	case regressed > 0:
		word, tone = "Regression!", red
	case c.Blind():
		word, tone = "No verdict!", yellow
	case c.Missing():
		word, tone = "Inconclusive!", yellow
	}
	out := dress(word, color, bold, tone)
	out += fmt.Sprintf(" %s worse, %s better, %s of %s can not be told.", count(regressed), count(improved), count(unknown),
		counted(uint64(len(c.Lines)), "number", "numbers"))
	if missing > 0 {
		out += fmt.Sprintf(" B lacks %s of A.", counted(missing, "number", "numbers"))
	}
	return out
}
