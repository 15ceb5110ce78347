package report

import (
	"regexp"
	"strconv"

	"github.com/authbench/authbench/internal/chart"
	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/stats"
)

// limits are the thresholds that speak of the durations of one series alone, and the
// moments at which they broke. A condition of any other form has no line of its own:
// it stands in the table.
func (c *charts) limits(s *stats.Series) (levels []chart.Level, marks []chart.Mark) {
	simple := simpleCondition()
	for _, t := range c.l.Thresholds {
		m := simple.FindStringSubmatch(t.Condition)
		if m == nil || !speaksOf(m[1], m[2], m[3], s) {
			continue
		}
		limit, err := strconv.ParseFloat(m[6], 64)
		if err != nil {
			continue
		}
		levels = append(levels, chart.Level{Value: limit, Label: diag.CleanLine(t.Name) + ": " + m[4] + " " + m[5] + " " + milliseconds(limit)})
		if at := t.BrokenAt.Seconds() / c.end; t.BrokenAt > 0 && at <= 1 {
			marks = append(marks, chart.Mark{At: at, Label: "broke at " + elapsed(t.BrokenAt)})
		}
	}
	return levels, marks
}

// simpleCondition has the scenario, the step, the channel, the number, the sign and the
// limit of conditions of one comparison.
func simpleCondition() *regexp.Regexp {
	return regexp.MustCompile(`^\s*metrics\.(?:iterations|(?:scenario\.(\w+)\.?)?(?:step\.(\w+))?|deliveries\.(\w+))\.duration_ms\.(p50|p90|p95|p99|p999|max|mean)\s*(<=?)\s*([0-9.]+)\s*$`)
}

func speaksOf(scenario, step, channel string, s *stats.Series) bool {
	switch s.Measure {
	case stats.MeasureStep:
		return step == s.Step && step != "" && (scenario == "" || scenario == s.Scenario)
	case stats.MeasureDelivery:
		return channel == s.Channel
	}
	return false
}
