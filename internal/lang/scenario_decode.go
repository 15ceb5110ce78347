package lang

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

type scenarioDecl struct {
	name string
	*content
	locals []*localDecl
	// order lists the steps as they run: setup, body, teardown.
	order   []*stepDecl
	outputs []*hclsyntax.Block
}

type stepDecl struct {
	name    string
	kind    *steps.Kind // nil for an assert block of the scenario
	section result.Section
	forEach *eval.Expr
	assert  *hclsyntax.Block
	// broken tells that the step's kind is not known: only its name is of use.
	broken bool
	*content
}

var (
	scenarioForm = form{
		what:  `a "scenario" block`,
		attrs: []string{"description", "tags", "targets", "for_each", "timeout", "serial"},
		blocks: []blockForm{
			{kind: "locals"}, {kind: "setup", once: true}, {kind: "step", labels: []string{"KIND", "NAME"}}, {kind: "assert"},
			{kind: "teardown", once: true}, {kind: "output", labels: []string{"NAME"}},
		},
		later: append([]string{"module"}, reserved...),
	}
	sectionForm = form{
		blocks: []blockForm{{kind: "step", labels: []string{"KIND", "NAME"}}},
		later:  append([]string{"module"}, reserved...),
	}
	outputForm = form{what: `an "output" block`, attrs: []string{"value", "sensitive", "description"}, required: []string{"value"}}

	stepMeta   = []string{"when", "for_each", "timeout", "continue_on_failure", "description"}
	stepBlocks = []blockForm{{kind: "expect", once: true}, {kind: "assert"}, {kind: "retry", once: true}, {kind: "poll", once: true}}
)

func (l *loader) decodeScenario(b *hclsyntax.Block) *scenarioDecl {
	s := l.decodeFlow(b, scenarioForm)
	if !slices.ContainsFunc(s.order, func(d *stepDecl) bool { return d.section != result.Teardown }) {
		l.error(s.header, "Empty scenario", fmt.Sprintf("Scenario %q has no step. Write what a user does, one step after the other.", s.name))
	}
	return s
}

// decodeFlow takes a block of steps apart.
func (l *loader) decodeFlow(b *hclsyntax.Block, f form) *scenarioDecl {
	s := &scenarioDecl{name: b.Labels[0], content: l.content(b.Body, b.DefRange(), f)}
	localsSeen, stepsSeen := map[string]hcl.Range{}, map[string]hcl.Range{}
	var setup, body, teardown []*stepDecl
	for _, inner := range s.blocks {
		switch inner.Type {
		case "locals":
			s.locals = append(s.locals, l.decodeLocals(inner, localsSeen, "")...)
		case "setup":
			setup = append(setup, l.decodeSection(inner, result.Setup, stepsSeen)...)
		case "teardown":
			teardown = append(teardown, l.decodeSection(inner, result.Teardown, stepsSeen)...)
		case "step":
			if d := l.decodeStep(inner, result.Body, stepsSeen); d != nil {
				body = append(body, d)
			}
		case "assert":
			name := fmt.Sprintf("assert_%d", inner.DefRange().Start.Line)
			body = append(body, &stepDecl{name: name, section: result.Body, assert: inner, content: &content{loader: l, body: inner.Body, header: inner.DefRange()}})
		case "output":
			s.outputs = append(s.outputs, inner)
		}
	}
	l.uniqueOutputs(s.outputs)
	s.order = slices.Concat(setup, body, teardown)
	return s
}

func (l *loader) decodeSection(b *hclsyntax.Block, section result.Section, seen map[string]hcl.Range) []*stepDecl {
	f := sectionForm
	f.what = fmt.Sprintf("a %q block", b.Type)
	var out []*stepDecl
	for _, inner := range l.content(b.Body, b.DefRange(), f).blocks {
		if d := l.decodeStep(inner, section, seen); d != nil {
			out = append(out, d)
		}
	}
	return out
}

// decodeStep gives nil for a step whose name is taken.
func (l *loader) decodeStep(b *hclsyntax.Block, section result.Section, seen map[string]hcl.Range) *stepDecl {
	kind := l.opts.Registry.Kind(b.Labels[0])
	unique := l.unique(b, b.Labels[1], "step", seen)
	if kind == nil {
		var known []string
		for _, k := range l.opts.Registry.Kinds() {
			known = append(known, k.Name)
		}
		l.error(b.LabelRanges[0], "Unknown step kind", fmt.Sprintf("There is no step kind %q.%s", b.Labels[0], suggestKind(b.Labels[0], known)))
	}
	switch {
	case !unique:
		return nil
	case kind == nil:
		return &stepDecl{name: b.Labels[1], section: section, broken: true, content: &content{loader: l, body: b.Body, header: b.DefRange()}}
	}
	d := &stepDecl{name: b.Labels[1], kind: kind, section: section, content: l.content(b.Body, b.DefRange(), stepForm(kind))}
	d.forEach = d.expr("for_each")
	return d
}

// suggestKind allows more slips than other words have: kinds are long.
func suggestKind(word string, known []string) string {
	if s := suggest(word, known); s != "" {
		return s
	}
	for _, k := range known {
		if len(word) > 4 && (k == "descope_"+word || len(k) > len(word) && k[len(k)-len(word):] == word) {
			return fmt.Sprintf(" Did you mean %q?", k)
		}
	}
	return ""
}

func stepForm(kind *steps.Kind) form {
	f := form{what: fmt.Sprintf("a step of kind %q", kind.Name), blocks: slices.Clone(stepBlocks), later: reserved}
	for _, a := range kind.Args {
		if a.Block {
			f.blocks = append(f.blocks, blockForm{kind: a.Name, once: true})
			continue
		}
		f.attrs = append(f.attrs, a.Name)
		if a.Required {
			f.required = append(f.required, a.Name)
		}
	}
	f.attrs = append(f.attrs, stepMeta...)
	if kind.Provider != "" {
		f.attrs = append(f.attrs, "provider")
	}
	return f
}

func (l *loader) uniqueOutputs(blocks []*hclsyntax.Block) {
	seen := map[string]hcl.Range{}
	for _, b := range blocks {
		l.unique(b, b.Labels[0], "output", seen)
	}
}
