package runfile

import (
	"cmp"
	"slices"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

func endpoints(a, b []stats.Endpoint) []stats.Endpoint {
	out := slices.Clone(a)
	for _, x := range b {
		i := slices.IndexFunc(out, func(y stats.Endpoint) bool { return y.Name == x.Name })
		if i < 0 {
			out = append(out, x)
			continue
		}
		out[i].Codes = tallies(out[i].Codes, x.Codes)
		out[i].Retries = tallies(out[i].Retries, x.Retries)
		out[i].Errors = tallies(out[i].Errors, x.Errors)
	}
	slices.SortStableFunc(out, func(x, y stats.Endpoint) int { return cmp.Compare(x.Name, y.Name) })
	return out
}

// deliveries leaves the times of those that both know to the merged histograms.
func deliveries(a, b []stats.DeliverySummary) []stats.DeliverySummary {
	out := slices.Clone(a)
	for _, d := range b {
		i := slices.IndexFunc(out, func(x stats.DeliverySummary) bool { return x.Channel == d.Channel })
		if i < 0 {
			out = append(out, d)
			continue
		}
		out[i].Results = tallies(out[i].Results, d.Results)
	}
	slices.SortStableFunc(out, func(x, y stats.DeliverySummary) int { return cmp.Compare(x.Channel, y.Channel) })
	return out
}

// thresholds keeps, of those with one name and condition, the result that is worse.
func thresholds(a, b []stats.ThresholdResult) []stats.ThresholdResult {
	out := slices.Clone(a)
	for _, t := range b {
		i := slices.IndexFunc(out, func(x stats.ThresholdResult) bool { return x.Name == t.Name && x.Condition == t.Condition })
		if i < 0 {
			out = append(out, t)
			continue
		}
		kept, evaluated := out[i], out[i].Evaluated+t.Evaluated
		if severity(t.Verdict) > severity(kept.Verdict) || t.Verdict == kept.Verdict && t.BrokenAt > 0 && t.BrokenAt < kept.BrokenAt {
			kept = t
		}
		kept.Evaluated = evaluated
		kept.Aborted = out[i].Aborted || t.Aborted
		out[i] = kept
	}
	return out
}

// samplesEach is how many failures of one sort are kept whole.
const samplesEach = 3

func failures(a, b []stats.Failure) []stats.Failure {
	out := slices.Clone(a)
	for _, f := range b {
		i := slices.IndexFunc(out, func(x stats.Failure) bool { return sortOf(x) == sortOf(f) })
		if i < 0 {
			if len(out) < maxFailures {
				out = append(out, f)
			}
			continue
		}
		out[i].Count += f.Count
		samples := slices.Concat(out[i].Samples, f.Samples)
		slices.SortStableFunc(samples, func(x, y stats.Sample) int {
			return cmp.Or(x.Start.Compare(y.Start), cmp.Compare(x.Iteration, y.Iteration))
		})
		out[i].Samples = samples[:min(samplesEach, len(samples))]
	}
	return out
}

type failureKey struct {
	suite, address, step, code string
	section                    result.Section
	reason                     result.Reason
	outcome                    result.Outcome
}

func sortOf(f stats.Failure) failureKey {
	return failureKey{f.Suite, f.Address, f.Step, f.ErrorCode, f.Section, f.Reason, f.Outcome}
}

func worstHealth(a, b stats.Health) stats.Health {
	return stats.Health{
		CPUs: max(a.CPUs, b.CPUs), CPUMost: max(a.CPUMost, b.CPUMost), CPUAll: max(a.CPUAll, b.CPUAll),
		Goroutines: max(a.Goroutines, b.Goroutines), Memory: max(a.Memory, b.Memory),
		Descriptors: max(a.Descriptors, b.Descriptors), DescriptorLimit: max(a.DescriptorLimit, b.DescriptorLimit),
		Ports: max(a.Ports, b.Ports), PortLimit: max(a.PortLimit, b.PortLimit),
		LatenessP99: max(a.LatenessP99, b.LatenessP99),
	}
}

func worse(a, b stats.Verdict) stats.Verdict {
	if severity(b) > severity(a) {
		return b
	}
	return a
}

// severity orders verdicts as a run does when several apply.
func severity(v stats.Verdict) int {
	return slices.Index([]stats.Verdict{
		stats.Passed, stats.Inconclusive, stats.NoData, stats.Failed, stats.Refused, stats.Unanswered, stats.Interrupted,
	}, v)
}
