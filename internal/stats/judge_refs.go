package stats

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/authbench/authbench/internal/eval"
)

// metricRef is a number that an expression refers to, or an object of numbers when it
// refers to one as a whole.
type metricRef struct {
	path []string // the words after metrics
	metricGroup
	rest []string // the words within the group
}

func metricRefs(e *eval.Expr) []metricRef {
	var out []metricRef
	if e == nil {
		return nil
	}
	for _, r := range e.Refs() {
		if r.Root != "metrics" {
			continue
		}
		ref := metricRef{path: r.Words()}
		ref.metricGroup, ref.rest = groupOf(ref.path)
		if !slices.ContainsFunc(out, func(o metricRef) bool { return slices.Equal(o.path, ref.path) }) {
			out = append(out, ref)
		}
	}
	return out
}

// observe gives the number as the file writes it, and how many samples it comes from.
func (r metricRef) observe(v *view) Observed {
	o := Observed{Name: strings.Join(append([]string{"metrics"}, r.path...), ".")}
	if r.kind == codeGroup {
		o.Samples, o.Value = v.iterations.Scheduled(), tallyText(v.codes.list())
		return o
	}
	var n float64
	if n, o.Samples = v.number(r.metricGroup, r.rest); len(r.rest) > 0 {
		o.Value = digits(n)
	}
	return o
}

// digits is a number as people read it: whole ones are exact, others have six digits
// that count.
func digits(n float64) string {
	if n == math.Trunc(n) {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	short, _ := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 6, 64), 64)
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// total reports whether the number says itself how many there are, so that zero is data.
func (r metricRef) total() bool {
	return len(r.rest) > 0 && (r.rest[len(r.rest)-1] == "count" || r.rest[0] == "scheduled")
}

// isCount reports whether no samples are written as zero rather than as nothing.
func isCount(rest []string) bool {
	last := ""
	if len(rest) > 0 {
		last = rest[len(rest)-1]
	}
	if len(rest) > 1 {
		return last == "count"
	}
	return last != "" && last != "rate" && !strings.HasSuffix(last, "_ratio") && !strings.HasSuffix(last, "_ms")
}

// wants reports whether the number comes from samples of a series.
func (r metricRef) wants(key SeriesKey) bool {
	if len(r.path) == 0 || len(r.rest) == 0 && r.kind != codeGroup {
		return true // an object as a whole, or a name that is known only later
	}
	return r.has(key) && len(r.rest) > 1 && measureOf(r.kind, r.rest[0]) == key.Measure
}

func tallyText(all []Tally) string {
	if len(all) == 0 {
		return "none"
	}
	parts := make([]string, len(all))
	for i, t := range all {
		parts[i] = t.Name + ": " + strconv.FormatUint(t.Count, 10)
	}
	return strings.Join(parts, ", ")
}

// round leaves three digits after the point: a microsecond, or a tenth of a percent.
func round(n float64) float64 { return math.Round(n*1e3) / 1e3 }
