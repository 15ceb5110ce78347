package report

import (
	"fmt"
	"strings"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// verdict is the last line: the word, the scenarios, the time and the seed.
func verdict(s *stats.Summary, color bool) string {
	word, tone := verdictWord(s.Verdict)
	var passed, failed, errored, skipped, aborted, never uint64
	for _, c := range s.Cases {
		switch c.Outcome {
		case result.Success:
			passed++
		case result.Failure:
			failed++
		case result.Error:
			errored++
		case result.Skipped:
			skipped++
		case result.Aborted:
			aborted++
		default:
			never++
		}
	}
	parts := []string{count(passed) + " passed", count(failed) + " failed"}
	for _, p := range []struct {
		n    uint64
		text string
	}{{errored, counted(errored, "error", "errors")}, {skipped, count(skipped) + " skipped"},
		{aborted, count(aborted) + " aborted"}, {never, count(never) + " not run"}} {
		if p.n > 0 {
			parts = append(parts, p.text)
		}
	}
	line := strings.Join(parts, ", ")
	if repeated(s) {
		line += "; " + iterations(s.Iterations)
	}
	out := dress(word, color, bold, tone) + " " + line
	out += fmt.Sprintf(" in %s (seed %d)", span(s.Wall), s.Run.Seed)
	if why := verdictReason(s); why != "" {
		out += ". " + why
	}
	return out
}

func iterations(n stats.Counts) string {
	out := counted(n.Started(), "iteration", "iterations")
	if bad := n.Failure + n.Error; bad > 0 {
		out += ", " + count(bad) + " of them bad,"
	}
	return out
}

func verdictWord(v stats.Verdict) (string, style) {
	switch v {
	case stats.Passed:
		return "Success!", green
	case stats.Failed:
		return "Failure!", red
	case stats.Interrupted:
		return "Interrupted!", yellow
	case stats.Unanswered:
		return "No answer!", red
	case stats.Refused:
		return "Refused!", red
	case stats.NoData:
		return "No verdict!", red
	}
	return "Inconclusive!", yellow
}

// verdictReason explains a verdict that the counts do not.
func verdictReason(s *stats.Summary) string {
	switch s.Verdict {
	case stats.Failed:
		return fixturesFailed(s.Failures)
	case stats.Unanswered:
		return "No request was answered: check the target's address and the network."
	case stats.Refused:
		return "Every request was refused with 401 or 403: check project_id and management_key."
	case stats.NoData:
		return "Nothing is known of what did not run."
	case stats.Inconclusive:
		return counted(s.Iterations.Dropped, "iteration was due and did", "iterations were due and did") + " not start."
	}
	return ""
}
