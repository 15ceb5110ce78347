package report

import (
	"time"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// scenarios lists the cases of one suite. When any ran more than once the rows have
// counts and percentiles, otherwise times alone.
func scenarios(s *stats.Summary, cases []stats.CaseSummary, o TextOptions) *table {
	t := new(table)
	many := repeated(s)
	if many {
		t.row(0, manyCells("", "runs", "bad", "p50", "p95", "max", plain)...)
		for i := range t.rows[0] {
			t.rows[0][i].style = dim
		}
	}
	for _, c := range cases {
		mark, color := markOf(c.Outcome)
		name := mark + " " + caseName(c.Case)
		listed := stepsListed(s, c, o)
		note := caseNote(c, listed)
		if many {
			n := c.Iterations
			row := manyCells(name, count(n.Started()), count(n.Failure+n.Error), "", "", "", color)
			fillTimes(row, c.Duration)
			t.row(0, append(row[:6], cell{text: note, style: dim})...)
		} else {
			took := cell{right: true}
			if c.Elapsed > 0 {
				took.text = span(c.Elapsed)
			}
			t.row(0, cell{text: name, style: color}, took, cell{text: note, style: dim})
		}
		if listed {
			for _, st := range c.Steps {
				stepRow(t, st, many)
			}
		}
	}
	return t
}

// stepsListed tells whether the steps of c are shown: where they are asked for or
// few, and where they explain a failure. When everything fails they explain nothing.
func stepsListed(s *stats.Summary, c stats.CaseSummary, o TextOptions) bool {
	if o.Detail == DetailAll || len(s.Cases) <= fewCases {
		return true
	}
	return wrong(c.Outcome) && len(s.Failures) <= maxFrames
}

func repeated(s *stats.Summary) bool {
	for _, c := range s.Cases {
		if c.Iterations.Scheduled() > 1 {
			return true
		}
	}
	return false
}

func wrong(o result.Outcome) bool { return o == result.Failure || o == result.Error }

func manyCells(name, runs, bad, p50, p95, longest string, color style) []cell {
	return []cell{
		{text: name, style: color}, {text: runs, right: true}, {text: bad, right: true},
		{text: p50, right: true}, {text: p95, right: true}, {text: longest, right: true}, {},
	}
}

func fillTimes(row []cell, t stats.Times) {
	if t.Count > 0 {
		row[3].text, row[4].text, row[5].text = span(t.P50), span(t.P95), span(t.Max)
	}
}

func stepRow(t *table, st stats.StepSummary, many bool) {
	mark, color := markOf(st.Outcome)
	name := mark + " "
	if st.Section != result.Body {
		name += string(st.Section) + " "
	}
	first := cell{text: name + st.Name, style: color}
	note := stepNote(st)
	if color == green {
		first.style = plain
	}
	if many {
		n := st.Executions
		row := manyCells("", count(n.Started()), count(n.Failure+n.Error), "", "", "", plain)
		fillTimes(row, st.Duration)
		row[0], row[6] = first, note
		t.row(4, row...)
		return
	}
	took := cell{right: true}
	if st.Duration.Count > 0 {
		took.text = span(st.Duration.Max)
	}
	t.row(4, first, took, note)
}

// markOf gives the sign of an outcome, readable without its colour.
func markOf(o result.Outcome) (string, style) {
	switch o {
	case result.Success:
		return "✓", green
	case result.Failure, result.Error:
		return "✗", red
	case result.Aborted:
		return "–", yellow
	}
	return "–", dim
}

// caseNote is why a scenario has no green mark, or how long it waited. The steps
// below it, if any, tell more.
func caseNote(c stats.CaseSummary, steps bool) string {
	switch c.Outcome {
	case 0:
		return "did not run"
	case result.Success:
		return waited(c.Wait, "of it waiting")
	case result.Failure, result.Error:
		if steps && len(c.Steps) > 0 {
			return because(c.Outcome, c.Reason, "")
		}
	}
	return because(c.Outcome, c.Reason, c.Note)
}

func stepNote(st stats.StepSummary) cell {
	if st.Outcome == result.Success {
		note := st.Kind
		if st.Expected > 0 {
			note += ", refused as expected"
		}
		if w := waited(st.Wait, "waiting"); w != "" {
			note += ", " + w
		}
		return cell{text: note, style: dim}
	}
	color := dim
	if wrong(st.Outcome) {
		color = red
	}
	return cell{text: st.Kind + ", " + because(st.Outcome, st.Reason, st.Note), style: color}
}

// because puts an outcome that is not success into words. A failure is known by its
// reason alone.
func because(o result.Outcome, reason result.Reason, note string) string {
	out := o.String()
	switch {
	case reason == result.ReasonNone || !wrong(o):
	case o == result.Failure:
		out = string(reason)
	default:
		out += ", " + string(reason)
	}
	if note != "" {
		out += ": " + note
	}
	return out
}

// noticeable is the waiting below which a row does not mention it.
const noticeable = 10 * time.Millisecond

func waited(t stats.Times, of string) string {
	if t.P50 < noticeable {
		return ""
	}
	return span(t.P50) + " " + of
}
