package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// accountOf is the sum that must add up, in words. What did not occur is left out.
func accountOf(n stats.Counts) string {
	var parts []string
	for _, p := range []struct {
		n    uint64
		word string
	}{{n.Success, "success"}, {n.Failure, "failure"}, {n.Error, "error"}, {n.Skipped, "skipped"}, {n.Aborted, "aborted"}, {n.Dropped, "dropped"}} {
		if p.n > 0 {
			parts = append(parts, count(p.n)+" "+p.word)
		}
	}
	if len(parts) == 0 {
		return "0 scheduled"
	}
	return count(n.Scheduled()) + " scheduled = " + strings.Join(parts, " + ")
}

// loadReason says what the verdict rests on, and why the run ended early if it did.
func loadReason(l *stats.Load) string {
	why, end := verdictOf(l), ending(l)
	switch {
	case end == "":
		return why
	case l.Aborted != "":
		return strings.TrimSpace(end + " " + why)
	}
	return strings.TrimSpace(why + " " + end)
}

// verdictOf says in one sentence what the verdict rests on.
func verdictOf(l *stats.Load) string {
	var broken, blind []string
	for _, t := range l.Thresholds {
		switch t.Verdict {
		case stats.Failed:
			broken = append(broken, diag.CleanLine(t.Name))
		case stats.NoData:
			blind = append(blind, diag.CleanLine(t.Name))
		}
	}
	n := l.Iterations
	switch l.Verdict {
	case stats.Passed:
		if len(l.Thresholds) == 0 {
			return "No iteration went wrong."
		}
		return "Every threshold held."
	case stats.Failed, stats.NoData:
		var parts []string
		if len(broken) > 0 {
			parts = append(parts, plural(len(broken), "threshold", "thresholds")+" broke: "+strings.Join(broken, ", ")+".")
		}
		if len(blind) > 0 {
			parts = append(parts, plural(len(blind), "threshold", "thresholds")+" had no data, which fails: "+strings.Join(blind, ", ")+".")
		}
		if line := fixturesFailed(l.Failures); line != "" {
			parts = append(parts, line)
		}
		if bad := n.Failure + n.Error + n.Aborted; len(parts) == 0 && bad > 0 && l.Aborted == "" {
			parts = append(parts, counted(bad, "iteration", "iterations")+" of "+count(n.Scheduled())+" went wrong.")
		}
		if len(parts) == 0 && l.Aborted == "" {
			return "Nothing is known of what did not run."
		}
		return strings.Join(parts, " ")
	case stats.Inconclusive:
		if l.Truncated {
			return "Whether it was good is not known."
		}
		return "The numbers may be those of the generator, not of the target."
	case stats.Interrupted:
		return "The run was stopped; the numbers are of what ran."
	case stats.Unanswered:
		return "No request was answered."
	case stats.Refused:
		return "Every request was refused with 401 or 403."
	}
	return ""
}

// seedText names the seed of a run, or those of the runs that it is the sum of.
func seedText(l *stats.Load) string {
	const shown = 8
	if len(l.Seeds) < 2 {
		return "seed " + strconv.FormatUint(l.Run.Seed, 10)
	}
	var parts []string
	for _, seed := range l.Seeds[:min(shown, len(l.Seeds))] {
		parts = append(parts, strconv.FormatUint(seed, 10))
	}
	out := "seeds " + strings.Join(parts, ", ")
	if more := len(l.Seeds) - shown; more > 0 {
		out += " and " + plural(more, "other", "others")
	}
	return out
}

func plural(n int, one, many string) string { return counted(uint64(n), one, many) }

// advice is what to do next, one sentence each.
func advice(l *stats.Load) []string {
	out := make([]string, 0, len(l.Notes)+1)
	for _, note := range l.Notes {
		out = append(out, diag.CleanLine(note))
	}
	switch {
	case l.Verdict == stats.Unanswered:
		out = append(out, "Check the target's address and the network.")
	case l.Verdict == stats.Refused:
		out = append(out, "Check project_id and management_key.")
	case l.Verdict == stats.Inconclusive && len(l.Notes) == 0 && l.Iterations.Dropped > 0:
		out = append(out, "Arrivals were dropped that no threshold mentions: raise max_in_flight, lower the rate, or say how many may be dropped.")
	case l.Verdict == stats.Failed:
		for _, f := range mostFirst(l.Failures) {
			if again := loadAgain(l, f); again != "" {
				out = append(out, "Repeat one failure alone: "+again)
				break
			}
		}
	}
	return out
}

// loadCommand repeats an iteration of a run, but for its number. It is empty for a
// fixture, which is not repeated alone. The scenario is always named: arrivals are not
// numbered round by round, so the number alone would be that of any scenario.
func loadCommand(l *stats.Load, f stats.Failure) string {
	if f.Fixture() {
		return ""
	}
	seed := l.Run.Seed
	if len(l.Seeds) > 0 && len(f.Samples) > 0 { // each failure of a sum is of one of its runs
		seed = f.Samples[0].Seed
	}
	return fmt.Sprintf("authbench test %s --run %s --seed %d --iteration", shell(diag.CleanLine(f.Suite)), shell(exactly(f.Address)), seed)
}

// exactly is the regular expression that selects one instance and no other, as far as
// it can be typed: what cannot be shown is left to any character.
func exactly(address string) string {
	var b strings.Builder
	for _, r := range strings.TrimPrefix(address, "scenario.") {
		if c := string(r); diag.CleanLine(c) != c && c != " " {
			b.WriteByte('.')
		} else {
			b.WriteString(regexp.QuoteMeta(c))
		}
	}
	return "^" + b.String() + "$"
}

// loadAgain is the command that repeats the first kept failure of a sort.
func loadAgain(l *stats.Load, f stats.Failure) string {
	if len(f.Samples) == 0 || f.Fixture() {
		return ""
	}
	return fmt.Sprintf("%s %d", loadCommand(l, f), f.Samples[0].Iteration)
}

// holds is the state of a threshold in a word.
func holds(t stats.ThresholdResult) (word string, good bool) {
	switch t.Verdict {
	case stats.Passed:
		if t.BrokenAt > 0 {
			return "held at the end", true
		}
		return "held", true
	case stats.NoData:
		return "no data", false
	}
	return "broke", false
}

// observedText is what a threshold saw.
func observedText(t stats.ThresholdResult) string {
	parts := make([]string, 0, len(t.Observed))
	for _, o := range t.Observed {
		part := diag.CleanLine(o.Value)
		if len(t.Observed) > 1 {
			part = diag.CleanLine(o.Name) + " = " + part
		}
		parts = append(parts, part+" of "+counted(o.Samples, "sample", "samples"))
	}
	return strings.Join(parts, ", ")
}

// mostFirst orders sorts of failure by how often they occurred.
func mostFirst(all []stats.Failure) []stats.Failure {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b stats.Failure) int { return cmp.Compare(b.Count, a.Count) })
	return out
}

// failureName says what went wrong where.
func failureName(f stats.Failure) string {
	out := diag.CleanLine(f.Scenario)
	if f.Fixture() {
		out = "fixture " + out
	}
	if f.Key != "" {
		out += "[" + diag.CleanLine(f.Key) + "]"
	}
	if f.Step != "" {
		out += " " + diag.CleanLine(f.Step)
	}
	return out
}

func failureReason(f stats.Failure) string {
	out := string(f.Reason)
	if f.Reason == result.ReasonNone {
		out = f.Outcome.String()
	}
	if f.ErrorCode != "" {
		out += ", " + f.ErrorCode
	}
	return diag.CleanLine(out)
}

// healthRows are the generator's own numbers.
func healthRows(h stats.Health) [][2]string {
	of := func(n, limit int) string {
		if limit <= 0 {
			return count(uint64(max(n, 0)))
		}
		return count(uint64(max(n, 0))) + " of " + count(uint64(limit))
	}
	cpu := fmt.Sprintf("%.0f %% on average, %.0f %% at most, of %s", 100*h.CPUAll, 100*h.CPUMost, plural(max(h.CPUs, 0), "CPU", "CPUs"))
	return [][2]string{
		{"CPU", cpu}, {"lateness p99", span(h.LatenessP99) + " in the worst ten seconds"},
		{"memory", bytesText(h.Memory)}, {"goroutines", count(uint64(max(h.Goroutines, 0)))},
		{"descriptors", of(h.Descriptors, h.DescriptorLimit)}, {"ports", of(h.Ports, h.PortLimit)},
	}
}
