package lang

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/authbench/authbench/internal/steps"
)

// declarations are the top-level blocks of all files, in order.
type declarations struct {
	variables []*variableDecl
	locals    []*localDecl
	providers []*providerDecl
	inboxes   []*block
	datasets  []*block
	fixtures  []*scenarioDecl
	scenarios []*scenarioDecl
	loads     []*block

	variableNames, localNames []string
	variable                  map[string]*variableDecl
	local                     map[string]*localDecl
}

// block is a labelled block whose body was held against its form.
type block struct {
	name string
	*content
}

// providerDecl is a provider block with its type; its name is the alias, or the type
// where there is none.
type providerDecl struct {
	block
	kind *steps.Provider
}

// localDecl is one name of a locals block.
type localDecl struct {
	name string
	attr *hclsyntax.Attribute
	rng  hcl.Range
}

// reserved are words that the language keeps for itself at every level.
var reserved = []string{
	"race", "never", "quiet", "compare", "sweep", "sample", "policy", "pool", "parallel", "function", "dynamic",
}

var fileForm = form{
	what: "a configuration",
	blocks: []blockForm{
		{kind: "authbench"}, {kind: "variable", labels: []string{"NAME"}}, {kind: "locals"},
		{kind: "provider", labels: []string{"TYPE"}}, {kind: "inbox", labels: []string{"NAME"}},
		{kind: "dataset", labels: []string{"NAME"}}, {kind: "fixture", labels: []string{"NAME"}},
		{kind: "scenario", labels: []string{"NAME"}}, {kind: "load", labels: []string{"NAME"}},
	},
	later: append([]string{"monitor", "notifier", "maintenance", "output", "module"}, reserved...),
}

// decode takes the files apart into declarations and reports every misplaced word.
func (l *loader) decode(bodies []*hclsyntax.Body) {
	seen := map[string]hcl.Range{}
	for _, body := range bodies {
		c := l.content(body, body.SrcRange, fileForm)
		for _, b := range c.blocks {
			l.declare(b, seen)
		}
	}
	d := &l.decls
	d.variable, d.local = make(map[string]*variableDecl, len(d.variables)), make(map[string]*localDecl, len(d.locals))
	for _, v := range d.variables {
		d.variable[v.name] = v
		d.variableNames = append(d.variableNames, v.name)
	}
	for _, ld := range d.locals {
		d.local[ld.name] = ld
		d.localNames = append(d.localNames, ld.name)
	}
}

func (l *loader) declare(b *hclsyntax.Block, seen map[string]hcl.Range) {
	switch b.Type {
	case "variable":
		if l.unique(b, b.Labels[0], "variable", seen) {
			l.decls.variables = append(l.decls.variables, l.decodeVariable(b))
		}
	case "locals":
		l.decls.locals = append(l.decls.locals, l.decodeLocals(b, seen, "local ")...)
	case "provider":
		c := l.decodeProvider(b)
		if c != nil && l.unique(b, c.name, "provider", seen) {
			l.decls.providers = append(l.decls.providers, c)
		}
	case "inbox":
		if l.unique(b, b.Labels[0], "inbox", seen) {
			c := l.content(b.Body, b.DefRange(), inboxForm)
			l.decls.inboxes = append(l.decls.inboxes, &block{b.Labels[0], c})
		}
	case "dataset":
		if l.unique(b, b.Labels[0], "dataset", seen) {
			l.decls.datasets = append(l.decls.datasets, &block{b.Labels[0], l.content(b.Body, b.DefRange(), datasetForm)})
		}
	case "fixture":
		if l.unique(b, b.Labels[0], "fixture", seen) {
			l.decls.fixtures = append(l.decls.fixtures, l.decodeFixture(b))
		}
	case "scenario":
		if l.unique(b, b.Labels[0], "scenario", seen) {
			l.decls.scenarios = append(l.decls.scenarios, l.decodeScenario(b))
		}
	case "load":
		if l.unique(b, b.Labels[0], "load", seen) {
			l.decls.loads = append(l.decls.loads, &block{b.Labels[0], l.content(b.Body, b.DefRange(), loadForm)})
		}
	}
}

// unique reports a name that was declared before.
func (l *loader) unique(b *hclsyntax.Block, name, what string, seen map[string]hcl.Range) bool {
	key := what + " " + name
	if before, ok := seen[key]; ok {
		l.error(b.DefRange(), "Duplicate "+what, fmt.Sprintf("A %s named %q is already declared at %s. Give this one another name.",
			what, name, l.site(before).Position()))
		return false
	}
	seen[key] = b.DefRange()
	return true
}

// decodeLocals takes a locals block. scope keeps the names of one scope apart in seen.
func (l *loader) decodeLocals(b *hclsyntax.Block, seen map[string]hcl.Range, scope string) []*localDecl {
	for _, inner := range b.Body.Blocks {
		l.error(inner.DefRange(), "Unsupported block", `A "locals" block holds NAME = value pairs alone.`)
	}
	var out []*localDecl
	for _, a := range sortedAttrs(b.Body) {
		if before, ok := seen[scope+a.Name]; ok {
			l.error(a.NameRange, "Duplicate local", fmt.Sprintf("A local named %q is already declared at %s. Give this one another name.",
				a.Name, l.site(before).Position()))
			continue
		}
		seen[scope+a.Name] = a.NameRange
		out = append(out, &localDecl{name: a.Name, attr: a, rng: a.NameRange})
	}
	return out
}
