// Package report shows what a run came to: on a terminal ([Text]), to continuous
// integration ([JUnit], [GitHub]) and to programs ([JSON]).
//
// Every function is pure: a [stats.Summary] in, text out, the same text for the
// same summary. Secrets are gone before a summary is made; what is left may still
// come from a hostile target, so each form escapes all that it quotes. The package
// opens no file and judges nothing.
package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// caseName is how a scenario instance is called: name["key"].
func caseName(c stats.Case) string {
	if c.Key == "" {
		return c.Scenario
	}
	return c.Scenario + "[" + strconv.Quote(c.Key) + "]"
}

// outcomeWord is the outcome's word, and one for a case that never ran.
func outcomeWord(o result.Outcome) string {
	if o == 0 {
		return "not_run"
	}
	return o.String()
}

// bySuite groups cases that stand together in the plan.
func bySuite(cases []stats.CaseSummary) [][]stats.CaseSummary {
	var out [][]stats.CaseSummary
	for _, c := range cases {
		i := slices.IndexFunc(out, func(g []stats.CaseSummary) bool { return g[0].Suite == c.Suite })
		if i < 0 {
			out = append(out, nil)
			i = len(out) - 1
		}
		out[i] = append(out[i], c)
	}
	return out
}

// count groups the digits of n by three.
func count(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// counted is a number with its noun.
func counted(n uint64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// span is a duration for people: about three digits and one unit, from an hour up
// and from a minute up two.
func span(d time.Duration) string {
	switch {
	case d <= 0:
		return "0 ms"
	case d < 10*time.Microsecond:
		return "<0.01 ms"
	case d < 995*time.Microsecond:
		return fmt.Sprintf("%.2f ms", millis(d))
	case d < 9950*time.Microsecond:
		return fmt.Sprintf("%.1f ms", millis(d))
	case d < 999500*time.Microsecond:
		return fmt.Sprintf("%.0f ms", millis(d))
	case d < 9950*time.Millisecond:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d < 59950*time.Millisecond:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		d = d.Round(time.Second)
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	d = d.Round(time.Minute)
	return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// cut shortens the clean line s to limit columns; 0 leaves it whole.
func cut(s string, limit int) string {
	if limit <= 0 || diag.Columns(s) <= limit {
		return s
	}
	var b strings.Builder
	used := 1 // of the ellipsis
	for _, r := range s {
		if used += diag.Columns(string(r)); used > limit {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimRight(b.String(), " ") + "…"
}
