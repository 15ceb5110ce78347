package report

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/stats"
)

// loadView is what the template of a load run shows.
type loadView struct {
	Live                    bool
	Over, Name, Description string
	Word, Tone, Reason      string
	// Told is the state in words that change only when it does: it is read aloud.
	Told          string
	Advice        []string
	Figures       []figureView
	Thresholds    []thresholdView
	Sections      []sectionView
	Rows          []rowView
	Accounts      []string
	Failures      []failureView
	FailuresLeft  string
	Endpoints     []endpointView
	Health, Facts [][2]string
	Footer        string
}

type figureView struct{ Label, Value, Note string }

type thresholdView struct {
	Name, State, Sign, Tone, Condition, Message, Observed, Broke string
}

type sectionView struct {
	ID, Title, Note string
	Charts          []template.HTML
}

type rowView struct {
	Name, Note string
	Step, Bad  bool
	Cells      []string
	Errors     string
}

type failureView struct{ ID, Count, Name, Reason, Message, Text, Again string }

type endpointView struct{ Name, Codes, Retries, Errors string }

func newLoadView(l *stats.Load, live bool) *loadView {
	v := &loadView{
		Live: live, Over: "authbench load", Name: diag.CleanLine(l.Profile.Name), Description: diag.CleanLine(l.Profile.Description),
		Reason: loadReason(l), Advice: advice(l), Figures: figures(l), Sections: sections(l, live),
		Accounts: accounts(l), Health: healthRows(l.Health), Facts: facts(l),
		Footer: "authbench " + diag.CleanLine(l.Run.Version),
	}
	v.Word, v.Tone = loadWord(l.Verdict)
	if live {
		v.Word, v.Tone, v.Reason, v.Advice = "Running", "", progressText(l), nil
	}
	v.Told = told(l, v.Word)
	for _, t := range l.Thresholds {
		v.Thresholds = append(v.Thresholds, newThresholdView(t, live))
	}
	for _, r := range loadRows(l) {
		v.Rows = append(v.Rows, newRowView(r))
	}
	for i, f := range mostFirst(l.Failures) {
		if i == maxFrames {
			v.FailuresLeft = plural(len(l.Failures)-maxFrames, "more sort of failure is", "more sorts of failure are") + " in the JSON document."
			break
		}
		v.Failures = append(v.Failures, newFailureView(l, i, f))
	}
	for _, e := range l.Endpoints {
		v.Endpoints = append(v.Endpoints, endpointView{diag.CleanLine(e.Name), tallyText(e.Codes), tallyText(e.Retries), tallyText(e.Errors)})
	}
	return v
}

func told(l *stats.Load, word string) string {
	out := word
	for _, t := range l.Thresholds {
		if t.Verdict == stats.Failed {
			out += ", threshold " + diag.CleanLine(t.Name) + " is broken"
		}
	}
	return out
}

func loadWord(verdict stats.Verdict) (word, tone string) {
	word, color := verdictWord(verdict)
	word = strings.TrimSuffix(word, "!")
	switch color {
	case green:
		return word, "good"
	case red:
		return word, "bad"
	}
	return word, "warn"
}

func progressText(l *stats.Load) string {
	out := elapsed(l.Wall)
	if l.Profile.Duration > 0 {
		out += " of " + elapsed(l.Profile.Duration)
	}
	if l.Wall < l.Profile.Warmup {
		out += ", warming up"
	}
	return out
}

// figures are the handful of numbers that a reader looks for first.
func figures(l *stats.Load) []figureView {
	n := l.Iterations
	judged := n.Success + n.Failure + n.Error
	out := []figureView{{"iterations", count(n.Started()), "of " + count(n.Scheduled()) + " that were due"}}
	ratio := figureView{"success", "–", "nothing was judged"}
	if judged > 0 {
		ratio.Value, ratio.Note = percent(n.Success, judged), counted(n.Failure+n.Error, "went wrong", "went wrong")
	}
	out = append(out, ratio)
	if seconds := measured(l).Seconds(); seconds > 0 {
		out = append(out, figureView{"rate", rate(float64(n.Started()) / seconds), "started, over " + span(measured(l))})
	}
	if all := responses(l); all.Count > 0 {
		out = append(out, figureView{"response p95", span(all.P95), "p50 " + span(all.P50) + ", from the intended start"})
	}
	dropped := figureView{"dropped", count(n.Dropped), "every arrival was started"}
	if n.Dropped > 0 {
		dropped.Note = percent(n.Dropped, n.Scheduled()) + " of all that were due"
	}
	out = append(out, dropped, figureView{"requests", count(l.Requests.Sent), requestsNote(l.Requests)})
	return out
}

func requestsNote(r stats.Requests) string {
	switch {
	case r.Sent > r.Answered:
		return count(r.Sent-r.Answered) + " unanswered"
	case r.RateLimited > 0:
		return count(r.RateLimited) + " rate limited"
	}
	return "all answered"
}

func newThresholdView(t stats.ThresholdResult, live bool) thresholdView {
	word, good := holds(t)
	out := thresholdView{
		Name: diag.CleanLine(t.Name), State: word, Sign: "✓", Tone: "good", Condition: diag.CleanLine(t.Condition),
		Message: diag.CleanLine(t.Message), Observed: observedText(t), Broke: "–",
	}
	if !good {
		out.Sign, out.Tone = "✗", "bad"
	}
	if live && t.Verdict == stats.NoData { // there may still come some
		out.Sign, out.Tone, out.State = "…", "warn", "no data yet"
	}
	if t.BrokenAt > 0 {
		out.Broke = elapsed(t.BrokenAt)
	}
	if t.Aborted {
		out.Broke += ", ended the run"
	}
	return out
}

func newRowView(r loadRow) rowView {
	out := rowView{
		Name: diag.CleanLine(r.Name), Note: r.Note, Step: r.Step, Bad: r.Bad > 0, Errors: r.errors(),
		Cells: []string{count(max(r.Count, r.Judged)), rate(r.Rate), "", "", "", "", ""},
	}
	if r.Count > 0 {
		for i, d := range []time.Duration{r.P50, r.P90, r.P95, r.P99, r.Max} {
			out.Cells[2+i] = span(d)
		}
	}
	return out
}

func newFailureView(l *stats.Load, place int, f stats.Failure) failureView {
	out := failureView{
		ID: "failure-" + strconv.Itoa(place), Count: count(f.Count), Name: failureName(f), Reason: failureReason(f),
	}
	if f.Count == 1 { // of several, the evidence holds the command
		out.Again = loadAgain(l, f)
	}
	if len(f.Samples) > 0 {
		out.Message = diag.CleanLine(f.Samples[0].Message)
	}
	var b strings.Builder
	_ = diagnostics(f, loadCommand(l, f), 1).WriteText(&b, diag.TextOptions{}) // a strings.Builder takes everything
	out.Text = strings.TrimSpace(b.String())
	return out
}

// accounts are the sums that add up, of both parts of the run, and the drops.
func accounts(l *stats.Load) []string {
	out := []string{accountOf(l.Iterations)}
	if l.Warmup.Scheduled() > 0 {
		out = append(out, "Warm-up: "+accountOf(l.Warmup))
	}
	if text := tallyText(l.Drops); text != "" {
		out = append(out, "Dropped by reason: "+text)
	}
	return out
}

func tallyText(all []stats.Tally) string {
	parts := make([]string, 0, len(all))
	for _, t := range all {
		if t.Count > 0 {
			parts = append(parts, diag.CleanLine(t.Name)+" "+count(t.Count))
		}
	}
	return strings.Join(parts, ", ")
}

func facts(l *stats.Load) [][2]string {
	var out [][2]string
	add := func(name, value string) {
		if value != "" {
			out = append(out, [2]string{name, diag.CleanLine(value)})
		}
	}
	for _, t := range l.Run.Targets {
		add("target", fmt.Sprintf("%s, %s, project %s", t.BaseURL, t.Kind, t.ProjectID))
		add("configuration", t.Suite)
	}
	add("schedule", l.Profile.Schedule)
	if l.Profile.Warmup > 0 {
		add("warm-up", span(l.Profile.Warmup)+", left out of thresholds and numbers")
	}
	if l.Profile.MaxInFlight > 0 {
		add("in flight", count(uint64(l.Profile.MaxInFlight))+" at most, then "+l.Profile.Overflow)
	}
	add("started", l.Run.Start.UTC().Format("2006-01-02 15:04:05 UTC"))
	add("took", span(l.Wall))
	name, seeds, _ := strings.Cut(seedText(l), " ")
	add(name, seeds)
	add("plan", l.Profile.PlanHash)
	if l.Environment.Go != "" {
		add("built with", l.Environment.Go+", "+l.Environment.OS+" "+l.Environment.Arch)
	}
	return out
}
