package report

import (
	"slices"
	"strings"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/stats"
)

// ending says why a run ended before its schedule, empty when it did not.
func ending(l *stats.Load) string {
	const early = "The schedule was not carried out to its end: "
	if l.Aborted != "" {
		return "The run ended itself: " + diag.CleanLine(l.Aborted)
	}
	for i := range l.Thresholds {
		if l.Thresholds[i].Aborted {
			return early + "threshold " + diag.CleanLine(l.Thresholds[i].Name) + " ended it."
		}
	}
	if l.Early != "" {
		return early + diag.CleanLine(l.Early)
	}
	return ""
}

// fixturesFailed names the fixtures among the failures in a sentence, empty without any.
func fixturesFailed(all []stats.Failure) string {
	var names []string
	for _, f := range all {
		if name := diag.CleanLine(strings.TrimPrefix(f.Address, "fixture.")); f.Fixture() && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return plural(len(names), "fixture", "fixtures") + " failed: " + strings.Join(names, ", ") + "."
}
