package runner

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
)

// maxShown bounds the exchanges in a diagnostic; the last ones are shown.
const maxShown = 4

// response tells what went over the wire: each exchange on a line, and of the last
// one the bodies. The exchanges are free of secrets already.
func response(xs []result.Exchange) diag.Section {
	section := diag.Section{Title: "response"}
	if left := len(xs) - maxShown; left > 0 {
		section.Lines = append(section.Lines, fmt.Sprintf("%d earlier requests", left))
		xs = xs[left:]
	}
	for i := range xs {
		section.Lines = append(section.Lines, exchangeLine(&xs[i]))
	}
	last := &xs[len(xs)-1]
	if last.ErrorCode != "" {
		section.Lines = append(section.Lines, "  error "+last.ErrorCode)
	}
	if last.Request != "" {
		section.Lines = append(section.Lines, "  request  "+oneLine(last.Request))
	}
	if last.Response != "" {
		section.Lines = append(section.Lines, "  response "+oneLine(last.Response))
	}
	return section
}

func exchangeLine(x *result.Exchange) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", x.Method, path(x.URL))
	if x.Status != 0 {
		fmt.Fprintf(&b, "%d", x.Status)
		if x.Reason != "" {
			fmt.Fprintf(&b, " (%s)", x.Reason)
		}
	} else {
		fmt.Fprintf(&b, "no answer (%s)", x.Reason)
	}
	fmt.Fprintf(&b, " in %s, attempt %d", round(x.Duration), x.Attempt)
	if x.RequestID != "" {
		b.WriteString(", request id " + x.RequestID)
	}
	return b.String()
}

// path leaves out the host, which every report names once.
func path(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return u.RequestURI()
}

// round gives a duration with as many digits as people read.
func round(d time.Duration) string {
	switch ms := float64(d) / float64(time.Millisecond); {
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 10_000:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
