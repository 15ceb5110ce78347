package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// diagnostics are the messages of the first samples of f, at most limit of them.
// The first tells how many there were and how to see one again.
func diagnostics(f stats.Failure, again string, limit int) diag.List {
	var out diag.List
	for i, s := range f.Samples[:min(limit, len(f.Samples))] {
		l := sampleDiagnostics(f, s)
		if i == 0 && f.Count > 1 {
			l[0].Sections = append(slices.Clip(l[0].Sections), repetition(f, again))
		}
		out = append(out, l...)
	}
	if len(out) == 0 {
		d := diag.Diagnostic{Severity: diag.Error, Summary: summaryOf(f.Outcome), Address: f.Address, Detail: string(f.Reason)}
		out = diag.List{d}
	}
	return out
}

func sampleDiagnostics(f stats.Failure, s stats.Sample) diag.List {
	if s.Step != nil && len(s.Step.Diagnostics) > 0 {
		return slices.Clone(s.Step.Diagnostics)
	}
	d := diag.Diagnostic{Severity: diag.Error, Summary: summaryOf(f.Outcome), Detail: s.Message, Address: address(f, s)}
	if d.Detail == "" {
		d.Detail = "No more is known than the reason: " + string(f.Reason) + "."
	}
	if s.Step != nil {
		for _, x := range s.Step.Exchanges {
			d.Sections = append(d.Sections, exchange(x))
		}
	}
	return diag.List{d}
}

func summaryOf(o result.Outcome) string {
	if o == result.Failure {
		return "Step failed"
	}
	return "Step could not be judged"
}

func address(f stats.Failure, s stats.Sample) string {
	out := f.Address
	if s.Step != nil {
		name := s.Step.Name
		if s.Step.Key != "" {
			name += "[" + strconv.Quote(s.Step.Key) + "]"
		}
		out += ".step." + name + " (" + s.Step.Kind + ")"
	}
	if f.Fixture() {
		return out
	}
	return out + ", iteration " + strconv.FormatUint(s.Iteration, 10)
}

// exchange is one request as evidence, in the form that the runner gives to its own.
func exchange(x result.Exchange) diag.Section {
	line := x.Method + " " + x.URL + ": "
	if x.Status > 0 {
		line += strconv.Itoa(x.Status)
	} else {
		line += "no answer"
		if x.Reason != result.ReasonNone {
			line += " (" + string(x.Reason) + ")"
		}
	}
	line += " in " + span(x.Duration)
	if x.Attempt > 1 {
		line += fmt.Sprintf(", attempt %d", x.Attempt)
	}
	if x.RequestID != "" {
		line += ", request id " + x.RequestID
	}
	out := diag.Section{Title: "response", Lines: []string{line}}
	if x.Request != "" {
		out.Lines = append(out.Lines, "sent "+x.Request)
	}
	if x.Response != "" {
		out.Lines = append(out.Lines, "got  "+x.Response)
	}
	return out
}

// again is the command that repeats one iteration, but for its number. All suites
// are named: iterations are numbered over all of them.
func again(s *stats.Summary) string {
	cmd := "authbench test"
	for _, group := range bySuite(s.Cases) {
		cmd += " " + shell(group[0].Suite)
	}
	return fmt.Sprintf("%s --seed %d --iteration", cmd, s.Run.Seed)
}

// repetition tells the other failures of a sort and the command that repeats one.
func repetition(f stats.Failure, again string) diag.Section {
	title := "one of " + count(f.Count) + " of this sort"
	if f.Fixture() {
		return diag.Section{Title: title}
	}
	var seen []string
	for _, s := range f.Samples {
		seen = append(seen, strconv.FormatUint(s.Iteration, 10))
	}
	line := "iterations " + strings.Join(seen, ", ")
	if f.Count > uint64(len(f.Samples)) {
		line += " and others"
	}
	return diag.Section{
		Title: title,
		Lines: []string{line, again + " " + strconv.FormatUint(f.Samples[0].Iteration, 10)},
	}
}

// shell quotes s for a POSIX shell.
func shell(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./=:,@+", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
