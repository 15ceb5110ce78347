package metrics

import (
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// suite makes the children of a suite that exist before its first run is over.
func (m *Metrics) suite(name string) {
	for _, o := range result.Outcomes() {
		m.families.testCases.WithLabelValues(name, o.String())
	}
}

// Finish tells what a whole run came to, for each of its suites. A case that never
// ran counts as skipped, and takes the success away.
func (m *Metrics) Finish(s *stats.Summary) {
	type sums struct {
		cases map[result.Outcome]int
		good  bool
	}
	judged := s.Verdict != stats.Interrupted && s.Verdict != stats.Unanswered && s.Verdict != stats.Refused
	suites := make(map[string]*sums)
	for _, c := range s.Cases {
		suite := suites[c.Suite]
		if suite == nil {
			suite = &sums{cases: make(map[result.Outcome]int), good: judged}
			suites[c.Suite] = suite
		}
		outcome := c.Outcome
		if outcome == 0 {
			outcome = result.Skipped
		}
		suite.cases[outcome]++
		suite.good = suite.good && (c.Outcome == result.Success || c.Outcome == result.Skipped)
	}
	ended := float64(s.Run.Start.Add(s.Wall).UnixMilli()) / 1e3
	for name, suite := range suites {
		for _, o := range result.Outcomes() {
			m.families.testCases.WithLabelValues(name, o.String()).Set(float64(suite.cases[o]))
		}
		success := 0.0
		if suite.good && suite.cases[result.Success] > 0 {
			success = 1
			m.families.testSuccessTimestamp.WithLabelValues(name).Set(ended)
		}
		m.families.testSuccess.WithLabelValues(name).Set(success)
		m.families.testDuration.WithLabelValues(name).Set(s.Wall.Seconds())
		m.families.testTimestamp.WithLabelValues(name).Set(ended)
	}
}
