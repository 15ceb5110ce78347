package plan

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
)

// TextOptions says how a plan is printed for people.
type TextOptions struct {
	// Verbose shows expressions, conditions, defaults and timeouts too.
	Verbose bool
	// Width is where long values are cut, in columns; 0 leaves them whole.
	Width int
	// Color allows ANSI sequences.
	Color bool
	// Run ends a plan of one profile in what this comes to, not in what one pass over its
	// scenarios does.
	Run bool
}

// WriteText prints the plans for people: targets first, then what each scenario does
// step by step, then the totals. It shows no secret, and text of the file can not
// drive the terminal.
func WriteText(w io.Writer, plans []*Plan, o TextOptions) error {
	pr := &printer{TextOptions: o}
	for i, p := range plans {
		if i > 0 {
			pr.line("")
		}
		pr.Width = o.Width
		pr.suite(newViewer(p).plan(p))
	}
	_, err := io.WriteString(w, pr.b.String())
	return err
}

type printer struct {
	TextOptions
	b strings.Builder
}

func (p *printer) line(format string, args ...any) {
	p.b.WriteString(p.fit(fmt.Sprintf(format, args...)) + "\n")
}

func (p *printer) strong(format string, args ...any) {
	text := p.fit(fmt.Sprintf(format, args...))
	if p.Color {
		text = "\x1b[1m" + text + "\x1b[0m"
	}
	p.b.WriteString(text + "\n")
}

// fit makes a text safe for a terminal and short enough for its width.
func (p *printer) fit(text string) string {
	text = diag.CleanLine(strings.TrimRight(text, " "))
	if p.Width > 20 && utf8.RuneCountInString(text) > p.Width {
		text = string([]rune(text)[:p.Width-3]) + "..."
	}
	return text
}

func (p *printer) suite(s suiteView) {
	p.strong("authbench will run %s from %s%s", count(s.Totals), s.Suite, target(s.Providers))
	if len(s.Providers) > 1 {
		for _, pr := range s.Providers {
			p.line("  provider %s: %s", pr.Name, strings.TrimPrefix(target([]providerView{pr}), " against "))
		}
	}
	several := len(s.Providers) > 1
	for i := range s.Datasets {
		p.line("")
		p.dataset(&s.Datasets[i])
	}
	for i := range s.Fixtures {
		p.line("")
		p.fixture(&s.Fixtures[i], several)
	}
	for i := range s.Scenarios {
		p.line("")
		p.scenario(&s.Scenarios[i], several)
	}
	for i := range s.Loads {
		p.line("")
		p.load(&s.Loads[i])
	}
	p.line("")
	p.Width = 0 // totals and limits are never cut
	if p.Run && len(s.Loads) == 1 {
		p.run(&s.Loads[0])
		return
	}
	p.strong("Plan: %s", total(s.Totals))
	for _, pr := range s.Totals.Providers {
		for _, text := range pr.Exceeded {
			p.line("Limit: %s", text)
		}
	}
}

func count(t Totals) string {
	text := plural(t.Scenarios, "scenario")
	if t.Instances != t.Scenarios {
		text += fmt.Sprintf(" (%s)", plural(t.Instances, "instance"))
	}
	return text
}

// target says where a suite runs: what a reader must see before anything else.
func target(providers []providerView) string {
	switch len(providers) {
	case 0:
		return ""
	case 1:
	default:
		return fmt.Sprintf(" against %d providers", len(providers))
	}
	pr := providers[0]
	text := " against " + pr.BaseURL
	i := slices.IndexFunc(pr.Arguments, func(a argView) bool { return a.Name == "project_id" })
	switch {
	case i >= 0:
		text += " as project " + strings.Trim(string(pr.Arguments[i].Value), `"`)
	case pr.Emulator != nil:
		text += ", in a project made for the run"
	}
	return text
}

// scenario prints one; several tells that its steps may talk to different providers.
func (p *printer) scenario(sc *scenarioView, several bool) {
	head := "  # " + sc.Address
	if sc.Key != nil {
		head += "  (for_each)"
	}
	p.strong("%s  %s", pad(head, 70), sc.Source)
	if sc.Description != "" {
		p.line("    %s", sc.Description)
	}
	if p.Verbose {
		p.line("    timeout %s%s%s%s", sc.Timeout, listed("tags", sc.Tags), listed("targets", sc.Targets), named("serial", sc.Serial))
		for _, l := range sc.Locals {
			p.line("    local.%s = %s", l.Name, l.Expression)
		}
	}
	width := 0
	for i := range sc.Steps {
		width = max(width, utf8.RuneCountInString(title(&sc.Steps[i])))
	}
	section := ""
	for i := range sc.Steps {
		s := &sc.Steps[i]
		label := ""
		if s.Section != section {
			section, label = s.Section, sectionLabel(s.Section)
		}
		p.line("  %s %2d  %s  %s", pad(label, 5), s.Number, pad(title(s), min(width, 56)), strings.Join(notes(s, several), "  "))
		p.arguments(s)
		if p.Verbose {
			p.details(s)
		}
	}
	if p.Verbose {
		for _, o := range sc.Outputs {
			p.line("    output %s = %s", o.Name, o.Expression)
		}
		for _, f := range sc.Fallbacks {
			p.line("    not compiled: %s, at %s: %s", f.Reason, f.Source, f.Expression)
		}
	}
}

func sectionLabel(section string) string {
	if section == string(result.Teardown) {
		return "clean"
	}
	return section
}
