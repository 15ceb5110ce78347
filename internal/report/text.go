package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// Detail says for which scenarios [Text] lists the steps. Those of a scenario that
// went wrong are always listed.
type Detail uint8

// The details.
const (
	// DetailAuto lists the steps of a handful of scenarios, and leaves them out when
	// there are more.
	DetailAuto Detail = iota
	// DetailAll lists all steps and shows every failure that was kept.
	DetailAll
)

// fewCases is up to how many scenarios DetailAuto lists the steps of.
const fewCases = 3

// TextOptions says how [Header] and [Text] look.
type TextOptions struct {
	// Color allows ANSI sequences. Everything is told without colour too.
	Color bool
	// Width is that of the terminal in columns, 0 for none.
	Width  int
	Detail Detail
}

// Header writes what is about to run, and against what.
func Header(w io.Writer, r result.Run, o TextOptions) error {
	return headerOf(w, r, "seed "+strconv.FormatUint(r.Seed, 10), o)
}

// headerOf names the seed, or the seeds, as its caller has them.
func headerOf(w io.Writer, r result.Run, seed string, o TextOptions) error {
	var b strings.Builder
	b.WriteString(dress("authbench "+diag.CleanLine(r.Version), o.Color, bold) + ", " + seed + "\n")
	var t table
	for _, x := range r.Targets {
		kind := cell{text: string(x.Kind), style: green}
		if x.Kind == result.Live {
			kind.style = yellow
		}
		t.row(2, cell{text: x.Suite}, cell{text: x.Provider, style: dim}, kind, cell{text: x.BaseURL}, cell{text: x.ProjectID, style: dim})
	}
	write(&b, t.lines(0, o.Color))
	_, err := io.WriteString(w, b.String())
	return err
}

// Text writes the summary for people: every scenario with its time, the failures
// in full below, and the verdict in the last line.
func Text(w io.Writer, s *stats.Summary, o TextOptions) error {
	var b strings.Builder
	groups := bySuite(s.Cases)
	for _, group := range groups {
		if len(groups) > 1 {
			b.WriteString(dress(diag.CleanLine(group[0].Suite), o.Color, bold) + "\n")
		}
		write(&b, scenarios(s, group, o).lines(o.Width, o.Color))
		b.WriteByte('\n')
	}
	if err := frames(&b, s, o); err != nil {
		return err
	}
	if line := traffic(s); line != "" {
		b.WriteString(dress(line, o.Color, dim) + "\n")
	}
	b.WriteString(verdict(s, o.Color) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// maxFrames is how many sorts of failure are shown in full, unless all are asked for.
const maxFrames = 10

// frames shows the failures. When nothing was answered they are all alike, and one
// is enough.
func frames(b *strings.Builder, s *stats.Summary, o TextOptions) error {
	sorts, samples := s.Failures, 1
	switch {
	case o.Detail == DetailAll:
		samples = 3
	case s.Verdict == stats.Unanswered:
		sorts = sorts[:min(1, len(sorts))]
	default:
		sorts = sorts[:min(maxFrames, len(sorts))]
	}
	frame := diag.TextOptions{Color: o.Color, Width: o.Width, Frame: true}
	for _, f := range sorts {
		if err := diagnostics(f, again(s), samples).WriteText(b, frame); err != nil {
			return err
		}
		b.WriteByte('\n')
	}
	if left := uint64(len(s.Failures) - len(sorts)); left > 0 {
		b.WriteString(counted(left, "more sort of failure is", "more sorts of failure are") + " marked above; --json and --junit-xml hold all.\n\n")
	}
	return nil
}

func write(b *strings.Builder, lines []string) {
	for _, line := range lines {
		b.WriteString(line + "\n")
	}
}

// traffic is one line on what the run did to its targets.
func traffic(s *stats.Summary) string {
	if s.Requests.Sent == 0 {
		return ""
	}
	parts := []string{counted(s.Requests.Sent, "request", "requests")}
	if n := s.Requests.Sent - s.Requests.Answered; n > 0 {
		parts = append(parts, count(n)+" unanswered")
	}
	if n := s.Requests.Repeated; n > 0 {
		parts = append(parts, count(n)+" repeated")
	}
	if n := s.Requests.RateLimited; n > 0 {
		parts = append(parts, count(n)+" rate limited")
	}
	var total uint64
	var channels []string
	for _, m := range s.Messages {
		total += m.Count
		channels = append(channels, count(m.Count)+" "+diag.CleanLine(m.Name))
	}
	if total > 0 {
		parts = append(parts, counted(total, "message", "messages")+" sent ("+strings.Join(channels, ", ")+")")
	}
	for _, d := range s.Deliveries {
		if d.Duration.Count == 0 {
			continue
		}
		part := diag.CleanLine(d.Channel) + " delivered in " + span(d.Duration.P50)
		if d.Duration.Count > 1 {
			part += ", at most " + span(d.Duration.Max)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}
