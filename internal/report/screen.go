package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/stats"
)

// recently is how far back the moving numbers of a screen reach, in seconds.
const recently = 10

// ScreenOptions says how [Screen] looks.
type ScreenOptions struct {
	// Color allows ANSI sequences. Everything is told without colour too.
	Color bool
	// Width and Height are those of the terminal; what does not fit is left out, the
	// least important first.
	Width, Height int
	// Stopping tells that the run was asked to end.
	Stopping bool
	// Keys is the line on what can be pressed, empty for none.
	Keys string
}

// Screen shows a load run that goes on, as lines of a terminal: the rate that is
// wanted and achieved, what is in flight, percentiles, errors, thresholds, time left.
// Each line fits the width.
func Screen(l *stats.Load, o ScreenOptions) []string {
	lines := screenLines(l, o)
	for i, line := range lines {
		lines[i] = fit(line, o.Width)
	}
	return lines
}

func screenLines(l *stats.Load, o ScreenOptions) []string {
	s := screen{l: l, o: o, now: newMoment(l)}
	broken, others := s.thresholds()
	head, traffic, steps := s.head(), s.traffic(), s.steps()
	var keys []string
	if o.Keys != "" {
		keys = []string{dress(cut(o.Keys, o.Width), o.Color, dim)}
	}
	lines := slices.Concat(head, []string{""}, traffic, []string{""}, steps)
	if len(broken)+len(others) > 0 {
		lines = slices.Concat(lines, []string{""}, broken, others)
	}
	if len(keys) > 0 {
		lines = slices.Concat(lines, []string{""}, keys)
	}
	room := o.Height - 1 // the cursor's
	if o.Height <= 0 || len(lines) <= room {
		return lines
	}
	// Without blank lines, by what matters: how to end it, what broke, where it stands.
	left := max(room-len(keys), 1)
	take := func(part []string) []string {
		n := min(left, len(part))
		left -= n
		return part[:n]
	}
	first, broken := take(head[:1]), take(broken)
	traffic, head, others, steps = take(traffic), take(head[1:]), take(others), take(steps)
	lines = slices.Concat(first, head, traffic, steps, broken, others, keys)
	return lines[max(0, len(lines)-max(room, 1)):]
}

// Progress is the one line on a load run for places that are no terminal.
func Progress(l *stats.Load) string {
	m := newMoment(l)
	n := total(l)
	rate := figure(m.achieved) + "/s"
	if l.Profile.Open {
		rate += " of " + figure(m.wanted) + "/s"
	}
	line := fmt.Sprintf("%s%s: %s, %d in flight, %s, %s failed, %s dropped",
		clock(l.Wall), ofDuration(l), rate, m.inFlight,
		counted(n.Success, "success", "successes"), count(n.Failure+n.Error), count(n.Dropped))
	if m.response.Count() > 0 {
		line += fmt.Sprintf(", p50 %s, p99 %s", span(m.response.Quantile(.5)), span(m.response.Quantile(.99)))
	}
	for _, t := range l.Thresholds {
		if t.Verdict == stats.Failed {
			line += ", threshold " + diag.CleanLine(t.Name) + " is broken"
		}
	}
	return line
}

type screen struct {
	l   *stats.Load
	o   ScreenOptions
	now moment
}

func (s *screen) head() []string {
	l, width := s.l, max(s.o.Width, 40)
	name := dress("load "+diag.CleanLine(l.Profile.Name), s.o.Color, bold)
	right := clock(l.Wall) + ofDuration(l)
	if left := l.Profile.Duration - l.Wall; left > 0 {
		right += ", " + clock(left) + " left"
	}
	switch {
	case s.o.Stopping:
		right = "stopping, " + clock(l.Wall)
	case l.Wall < l.Profile.Warmup:
		right = "warming up, " + right
	}
	pad := max(1, width-diag.Columns("load "+diag.CleanLine(l.Profile.Name))-len(right))
	lines := []string{name + strings.Repeat(" ", pad) + right}
	done, known := portion(l)
	if known {
		lines = append(lines, s.bar(done, width))
	}
	for _, t := range l.Run.Targets {
		lines = append(lines, dress(cut(string(t.Kind)+" "+diag.CleanLine(t.BaseURL)+"  "+diag.CleanLine(t.ProjectID)+fmt.Sprintf("  seed %d", l.Run.Seed), width), s.o.Color, dim))
	}
	return lines
}

// portion is how much of the run is over, where that can be said.
func portion(l *stats.Load) (float64, bool) {
	switch {
	case l.Profile.Duration > 0:
		return min(1, float64(l.Wall)/float64(l.Profile.Duration)), true
	case l.Profile.Planned > 0:
		n := total(l)
		return min(1, float64(n.Scheduled())/float64(l.Profile.Planned)), true
	}
	return 0, false
}

func (s *screen) bar(done float64, width int) string {
	label := fmt.Sprintf(" %3.0f %%", done*100)
	room := max(4, width-len(label))
	full := int(done * float64(room))
	return dress(strings.Repeat("━", full), s.o.Color, green) + dress(strings.Repeat("─", room-full), s.o.Color, dim) + label
}

func (s *screen) traffic() []string {
	l, m, n := s.l, s.now, total(s.l)
	var t table
	t.row(0, cell{text: "rate", style: dim}, cell{text: fmt.Sprintf("%s/s wanted, %s/s achieved   %s", figure(m.wanted), figure(m.achieved), spark(l, s.o.Width/3))})
	if !l.Profile.Open {
		t.rows, t.indent = nil, nil
		t.row(0, cell{text: "rate", style: dim}, cell{text: fmt.Sprintf("%s/s   %s", figure(m.achieved), spark(l, s.o.Width/3))})
	}
	flight := fmt.Sprintf("%s of %s", count(uint64(m.inFlight)), count(uint64(l.Profile.MaxInFlight)))
	if m.parked > 0 {
		flight += fmt.Sprintf(", %s waiting", count(uint64(m.parked)))
	}
	t.row(0, cell{text: "in flight", style: dim}, cell{text: flight})
	t.row(0, cell{text: "iterations", style: dim}, cell{text: account(n)})
	bad := cell{text: "none", style: dim}
	if n.Failure+n.Error+n.Dropped > 0 {
		bad = cell{text: fmt.Sprintf("%s failure, %s error, %s dropped", count(n.Failure), count(n.Error), count(n.Dropped)), style: red}
		if why := reasons(l); why != "" {
			bad.text += ": " + why
		}
	}
	t.row(0, cell{text: "bad", style: dim}, bad)
	if l.Requests.RateLimited > 0 {
		t.row(0, cell{text: "429", style: dim}, cell{text: counted(l.Requests.RateLimited, "request was", "requests were") + " rate limited", style: yellow})
	}
	return t.lines(s.o.Width, s.o.Color)
}

// steps are the rows of percentiles: of the last seconds, because a screen shows what
// happens while it happens.
func (s *screen) steps() []string {
	var t table
	right := func(text string) cell { return cell{text: text, right: true} }
	head := func(text string) cell { return cell{text: text, right: true, style: dim} }
	t.row(0, cell{text: fmt.Sprintf("last %d s", recently), style: dim}, head("count"), head("p50"), head("p95"), head("p99"), head("max"), cell{})
	row := func(indent int, name string, h *hist.Histogram, note string) {
		if h.Count() == 0 {
			t.row(indent, cell{text: name}, right("0"), right("-"), right("-"), right("-"), right("-"), cell{text: note, style: red})
			return
		}
		t.row(indent, cell{text: name}, right(count(h.Count())), right(span(h.Quantile(.5))), right(span(h.Quantile(.95))),
			right(span(h.Quantile(.99))), right(span(h.Max())), cell{text: note, style: red})
	}
	for i := range s.l.Series {
		x, h := &s.l.Series[i], &s.now.series[i]
		name := diag.CleanLine(x.Scenario)
		note := ""
		if bad := x.Counts.Failure + x.Counts.Error; bad > 0 {
			note = count(bad) + " bad"
		}
		switch x.Measure {
		case stats.MeasureResponse:
			row(0, name+", from the intended start", h, note)
		case stats.MeasureStep:
			if h.Count() > 0 || note != "" {
				row(2, diag.CleanLine(x.Step), h, note)
			}
		case stats.MeasureDelivery:
			if h.Count() > 0 {
				row(0, "delivery by "+diag.CleanLine(x.Channel), h, "")
			}
		}
	}
	t.narrow(0, s.o.Width)
	return t.lines(s.o.Width, s.o.Color)
}

// thresholds gives the lines of the broken ones and those of the others, lined up.
func (s *screen) thresholds() (broken, others []string) {
	var t table
	all := slices.Clone(s.l.Thresholds)
	slices.SortStableFunc(all, func(a, b stats.ThresholdResult) int { return cmp.Compare(fine(a), fine(b)) })
	bad := 0
	for _, x := range all {
		bad += 1 - fine(x)
		mark, st := "✓", green
		switch {
		case x.Verdict == stats.Failed:
			mark, st = "✗", red
		case x.Verdict == stats.NoData || x.Evaluated == 0:
			mark, st = "·", dim
		}
		var seen []string
		for _, v := range x.Observed {
			seen = append(seen, v.Value)
		}
		t.row(0, cell{text: mark, style: st}, cell{text: x.Name}, cell{text: strings.Join(seen, ", "), right: true}, cell{text: x.Condition, style: dim})
	}
	t.narrow(1, s.o.Width)
	lines := t.lines(s.o.Width, s.o.Color)
	return lines[:bad], lines[bad:]
}

// fine is 0 for a threshold that is broken, 1 for another.
func fine(t stats.ThresholdResult) int {
	if t.Verdict == stats.Failed {
		return 0
	}
	return 1
}

// moment is what holds right now, going by the seconds that are over.
type moment struct {
	wanted, achieved float64
	inFlight, parked int
	// series are the samples of the last seconds, by place; response all of them that
	// measure the response.
	series   []hist.Histogram
	response hist.Histogram
}

func newMoment(l *stats.Load) moment {
	m := moment{series: make([]hist.Histogram, len(l.Series))}
	if len(l.Seconds) == 0 {
		return m
	}
	last := &l.Seconds[len(l.Seconds)-1]
	closed := closedSeconds(l)
	if n := len(closed); n > 0 {
		last = &closed[n-1]
	}
	m.wanted, m.inFlight, m.parked = last.Wanted, last.InFlight, last.Parked
	// Both rates are of the same seconds, so that a run on its pace reads the same twice.
	length, started, wanted := 0, uint64(0), 0.0
	for i := len(closed) - 1; i >= 0 && length < recently; i-- {
		s := &closed[i]
		length += max(1, s.Length)
		started += s.Started
		wanted += s.Wanted * float64(max(1, s.Length))
		m.add(s.Samples)
		m.add(s.Warmup)
	}
	if length > 0 {
		m.achieved, m.wanted = float64(started)/float64(length), wanted/float64(length)
	}
	for i := range l.Series {
		if l.Series[i].Measure == stats.MeasureResponse {
			m.response.Merge(&m.series[i])
		}
	}
	return m
}

func (m *moment) add(samples []stats.SecondSamples) {
	for _, x := range samples {
		if x.Series >= 0 && x.Series < len(m.series) {
			_ = m.series[x.Series].AddSparse(x.Samples) // made in this process
		}
	}
}

// spark draws the rate of starts over the run.
func spark(l *stats.Load, width int) string {
	const marks = "▁▂▃▄▅▆▇█"
	if len(l.Seconds) < 3 || width < 8 {
		return ""
	}
	closed := closedSeconds(l)
	width = min(width, len(closed), 60)
	rates := make([]float64, width)
	most := 0.0
	for i := range rates {
		from, to := i*len(closed)/width, (i+1)*len(closed)/width
		length := 0
		for _, s := range closed[from:to] {
			rates[i] += float64(s.Started)
			length += max(1, s.Length)
		}
		rates[i] /= float64(max(1, length))
		most = max(most, rates[i])
	}
	if most == 0 {
		return ""
	}
	var b strings.Builder
	for _, r := range rates {
		b.WriteRune([]rune(marks)[min(7, int(r/most*7.999))])
	}
	return b.String()
}

func total(l *stats.Load) stats.Counts {
	a, b := l.Iterations, l.Warmup
	return stats.Counts{
		Success: a.Success + b.Success, Failure: a.Failure + b.Failure, Error: a.Error + b.Error,
		Skipped: a.Skipped + b.Skipped, Aborted: a.Aborted + b.Aborted, Dropped: a.Dropped + b.Dropped,
	}
}

// account is the line that adds up.
func account(n stats.Counts) string {
	return fmt.Sprintf("%s ended or dropped = %s success + %s failure + %s error + %s skipped + %s aborted + %s dropped",
		count(n.Scheduled()), count(n.Success), count(n.Failure), count(n.Error), count(n.Skipped), count(n.Aborted), count(n.Dropped))
}

// reasons are why iterations were bad, over the whole run, the most frequent first.
func reasons(l *stats.Load) string {
	var out []string
	for _, f := range l.Failures {
		if len(out) == 3 {
			break
		}
		name := string(f.Reason)
		if f.ErrorCode != "" {
			name = f.ErrorCode
		}
		if f.Step != "" {
			name = f.Step + " " + name
		}
		out = append(out, fmt.Sprintf("%s × %s", count(f.Count), diag.CleanLine(name)))
	}
	return strings.Join(out, ", ")
}

// clock is a duration as a clock shows it.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

func ofDuration(l *stats.Load) string {
	if l.Profile.Duration <= 0 {
		return ""
	}
	return " of " + clock(l.Profile.Duration)
}

// figure is a rate with about three digits.
func figure(f float64) string {
	switch {
	case f == 0:
		return "0"
	case f < 1:
		return fmt.Sprintf("%.2f", f)
	case f < 100:
		return fmt.Sprintf("%.1f", f)
	}
	return count(uint64(f + .5))
}

// fit cuts a line that may hold ANSI sequences to limit columns; 0 leaves it whole. A
// terminal would go on in the next row, and what is drawn over later would not line up.
func fit(line string, limit int) string {
	if limit <= 0 {
		return line
	}
	var b strings.Builder
	used, dressed := 0, false
	for rest := line; rest != ""; {
		if strings.HasPrefix(rest, "\x1b[") {
			end := strings.IndexByte(rest, 'm') + 1
			if end == 0 {
				break
			}
			dressed = rest[:end] != "\x1b[0m"
			b.WriteString(rest[:end])
			rest = rest[end:]
			continue
		}
		_, size := utf8.DecodeRuneInString(rest)
		if used += diag.Columns(rest[:size]); used > limit {
			break
		}
		b.WriteString(rest[:size])
		rest = rest[size:]
	}
	if dressed {
		b.WriteString("\x1b[0m")
	}
	return b.String()
}
