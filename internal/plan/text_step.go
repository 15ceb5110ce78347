package plan

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/authbench/authbench/internal/result"
)

func title(s *stepView) string {
	if s.Kind == "" {
		return "assert"
	}
	key, has := "", s.Key != nil
	if has {
		key = *s.Key
	}
	return s.Kind + "." + instanceName(s.Name, key, has)
}

// notes are what a step does, in a few words each.
func notes(s *stepView, several bool) []string {
	if s.Skipped {
		return []string{"skipped, because this is false: " + s.When}
	}
	var out []string
	if s.Section == string(result.Teardown) {
		text := "always"
		if len(s.Needs) > 0 {
			text += ", if " + strings.Join(s.Needs, " and ") + " completed"
		}
		out = append(out, text)
	}
	for _, r := range s.Requests {
		out = append(out, r.Method+" "+r.Path)
	}
	if several && s.Provider != "" {
		out = append(out, "to "+s.Provider)
	}
	if s.Kind == "" {
		for _, a := range s.Asserts {
			out = append(out, a.Condition)
		}
	}
	if s.After != "" {
		out = append(out, "waits in inbox."+s.Inbox+" for the message of "+s.After)
	}
	if s.Sends != "" {
		out = append(out, "sends 1 "+s.Sends)
	}
	if s.Expect != nil && s.Expect.Refusal {
		out = append(out, strings.TrimRight("expects "+strings.TrimSpace(s.Expect.Status+" "+s.Expect.ErrorCode), " "))
	}
	if s.When != "" {
		out = append(out, "only when "+s.When)
	}
	return out
}

const indent = "             "

func (p *printer) arguments(s *stepView) {
	width := 0
	for _, a := range s.Arguments {
		if !a.Default || p.Verbose {
			width = max(width, len(a.Name))
		}
	}
	for _, a := range s.Arguments {
		if !a.Default || p.Verbose {
			p.line("%s%s = %s", indent, pad(a.Name, width), p.value(&a))
		}
	}
}

func (p *printer) value(a *argView) string {
	when := "known when the iteration starts"
	if len(a.KnownAfter) > 0 {
		when = "known after " + strings.Join(a.KnownAfter, " and ")
	}
	switch a.State {
	case stateKnown:
		return string(a.Value)
	case stateSensitive:
		if len(a.KnownAfter) > 0 {
			return "(sensitive, " + when + ")"
		}
		return "(sensitive)"
	}
	if p.Verbose {
		return "(" + when + ": " + a.Expression + ")"
	}
	return "(" + when + ")"
}

func (p *printer) details(s *stepView) {
	if s.Description != "" {
		p.line("%s# %s", indent, s.Description)
	}
	text := "timeout " + s.Timeout.String()
	if s.ContinueOnFailure {
		text += ", continue on failure"
	}
	p.line("%s%s", indent, text)
	if x := s.Expect; x != nil {
		p.line("%sexpect%s%s%s", indent, named("status", x.Status), named("error_code", x.ErrorCode), limit("max_latency", x.MaxLatency.Std().String()))
	}
	if r := s.Retry; r != nil {
		p.line("%sretry up to %d attempts on %s, %s to %s apart", indent, r.Attempts, strings.Join(r.On, ", "), r.MinDelay, r.MaxDelay)
	}
	if r := s.Poll; r != nil {
		p.line("%spoll every %s for %s until %s", indent, r.Interval, r.Timeout, r.Until)
	}
	for _, a := range s.Asserts {
		p.line("%sassert %s", indent, a.Condition)
	}
}

func named(name, value string) string {
	if value == "" {
		return ""
	}
	return "  " + name + " " + value
}

func limit(name, value string) string {
	if value == "0s" {
		return ""
	}
	return named(name, value)
}

func listed(name string, values []string) string { return named(name, strings.Join(values, ", ")) }

// total is the last line: what a pass over the plan sends, and how long the limits
// make it take.
func total(t Totals) string {
	text := fmt.Sprintf("%s, %s", plural(t.Requests, "request"), plural(t.Messages, "message"))
	if len(t.ByChannel) > 0 {
		parts := make([]string, len(t.ByChannel))
		for i, c := range t.ByChannel {
			parts[i] = fmt.Sprintf("%d %s", c.Messages, c.Channel)
		}
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	text += ", " + plural(t.ExpectedRefusals, "expected refusal")
	slowest := ProviderTotals{}
	for _, pr := range t.Providers {
		if pr.RequestsPerSecond > 0 && (slowest.Name == "" || pr.AtLeastSeconds > slowest.AtLeastSeconds) {
			slowest = pr
		}
	}
	if slowest.Name == "" {
		return text + "."
	}
	where := ""
	if len(t.Providers) > 1 {
		where = " to " + slowest.Name
	}
	return fmt.Sprintf("%s; at most %g requests/s%s: at least %.1f s.", text, slowest.RequestsPerSecond, where, slowest.AtLeastSeconds)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}
