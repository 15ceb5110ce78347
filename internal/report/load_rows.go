package report

import (
	"fmt"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/stats"
)

// loadRow is one line of the table of a load run.
type loadRow struct {
	// Name is what was measured; Note says from where to where.
	Name, Note string
	// Step tells steps, which stand below their scenario.
	Step bool
	// Judged is how many outcomes the counts hold, Bad how many of them are failures
	// and errors; both 0 for what has no outcome of its own.
	Judged, Bad uint64
	Rate        float64
	stats.Times
}

// loadRows lists scenarios with their three clocks, their steps, and deliveries. Steps
// that do nothing but wait are there with what they waited.
func loadRows(l *stats.Load) []loadRow {
	var out []loadRow
	for _, name := range scenarioNames(l) {
		for i := range l.Series {
			s := &l.Series[i]
			if s.Scenario != name {
				continue
			}
			if row, shown := rowOf(l, s); shown {
				out = append(out, row)
			}
		}
	}
	for i := range l.Series {
		if s := &l.Series[i]; s.Measure == stats.MeasureDelivery && s.Histogram.Count() > 0 {
			row := newRow(l, s)
			row.Name, row.Note = s.Channel+" delivery", "from the sending answer to arrival"
			out = append(out, row)
		}
	}
	return out
}

func rowOf(l *stats.Load, s *stats.Series) (row loadRow, shown bool) {
	row = newRow(l, s)
	switch s.Measure {
	case stats.MeasureResponse:
		row.Name, row.Note = s.Scenario, "from the intended start"
	case stats.MeasureIteration:
		row.Name, row.Note, row.Judged = "from the actual start", "", 0
		row.Step = true
	case stats.MeasureWait:
		row.Name, row.Note, row.Judged = "of it waiting", "", 0
		row.Step = true
	case stats.MeasureStep:
		row.Name, row.Step = s.Step, true
	case stats.MeasureStepWait:
		row.Name, row.Note, row.Step, row.Judged = s.Step+" waited", "", true, 0
	default:
		return row, false
	}
	return row, s.Histogram.Count() > 0 || s.Measure == stats.MeasureResponse || s.Measure == stats.MeasureStep && s.Counts.Scheduled() > 0
}

func newRow(l *stats.Load, s *stats.Series) loadRow {
	n := outcomes(l, s)
	row := loadRow{
		Judged: n.Success + n.Failure + n.Error, Bad: n.Failure + n.Error, Times: stats.NewTimes(&s.Histogram),
	}
	if seconds := measured(l).Seconds(); seconds > 0 {
		row.Rate = float64(max(row.Count, row.Judged)) / seconds
	}
	return row
}

// outcomes are those of the series, or, of response times, those of the iterations.
func outcomes(l *stats.Load, s *stats.Series) stats.Counts {
	if s.Measure != stats.MeasureResponse {
		return s.Counts
	}
	for i := range l.Series {
		if x := &l.Series[i]; x.Measure == stats.MeasureIteration && x.Scenario == s.Scenario {
			return x.Counts
		}
	}
	return s.Counts
}

// measured is how long the part of the run was that is not warm-up.
func measured(l *stats.Load) time.Duration { return max(0, l.Wall-l.Profile.Warmup) }

// scenarioNames are in the order of the plan.
func scenarioNames(l *stats.Load) []string {
	var out []string
	known := map[string]bool{}
	for i := range l.Series {
		if name := l.Series[i].Scenario; name != "" && !known[name] {
			known[name] = true
			out = append(out, name)
		}
	}
	return out
}

func (r loadRow) errors() string {
	if r.Judged == 0 {
		return ""
	}
	return percent(r.Bad, r.Judged)
}

// percent is a share for people. What is not nothing never reads as nothing, and what
// is not all never as all.
func percent(n, of uint64) string {
	switch share := 100 * float64(n) / float64(of); {
	case of == 0:
		return ""
	case n == 0:
		return "0 %"
	case n == of:
		return "100 %"
	case share < 0.01:
		return "<0.01 %"
	case share > 99.99:
		return ">99.99 %"
	case share < 10 || share > 99:
		return fmt.Sprintf("%.2f %%", share)
	default:
		return fmt.Sprintf("%.1f %%", share)
	}
}

// rate is a number of something in a second.
func rate(perSecond float64) string {
	switch {
	case perSecond <= 0:
		return "0/s"
	case perSecond < 0.095:
		return fmt.Sprintf("%.3f/s", perSecond)
	case perSecond < 9.95:
		return fmt.Sprintf("%.2f/s", perSecond)
	case perSecond < 999.5:
		return fmt.Sprintf("%.1f/s", perSecond)
	}
	return count(uint64(perSecond+0.5)) + "/s"
}

// elapsed is a moment of a run, counted from its start: 1:02:03, or 2:03.
func elapsed(d time.Duration) string {
	seconds := int64(d.Round(time.Second) / time.Second)
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

func bytesText(n uint64) string {
	switch {
	case n >= 10<<30:
		return strconv.FormatUint(n>>30, 10) + " GiB"
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	}
	return strconv.FormatUint((n+1<<19)>>20, 10) + " MiB"
}
