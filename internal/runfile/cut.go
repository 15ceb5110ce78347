package runfile

import (
	"strconv"

	"github.com/authbench/authbench/internal/stats"
)

// cut marks what was read of a file that was cut short. That a run was good is not known
// where its thresholds and failures may be missing.
func (d *decoder) cut() {
	l := d.load
	l.Truncated = true
	l.Verdict = worse(l.Verdict, stats.Inconclusive)
	l.Notes = append(l.Notes, "The file of this run ends early: "+d.missing()+".")
}

// missing says what stood, or may have stood, behind the last line.
func (d *decoder) missing() string {
	if d.end {
		return "its checksum is missing"
	}
	switch d.last {
	case typeTotals:
		return "its series, thresholds, failures and seconds are missing"
	case typeSeries:
		return "some of its series, and its thresholds, failures and seconds may be missing"
	case typeThreshold:
		return "some of its thresholds, and its failures and seconds may be missing"
	case typeFailure:
		return "some of its failures, and its seconds are missing"
	case typeSecond:
		return "its last seconds are missing"
	}
	return "what follows line " + strconv.Itoa(d.count) + " is missing"
}
