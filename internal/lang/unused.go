package lang

import "fmt"

// warnUnused points out what is declared and nothing refers to: often a misspelt name.
// A scenario needs no reference. A configuration with mistakes has other worries.
func (l *loader) warnUnused() {
	if l.diags.HasErrors() {
		return
	}
	for _, v := range l.decls.variables {
		if !l.used["var "+v.name] {
			l.warn(v.header, "Unused variable", fmt.Sprintf("Nothing refers to var.%s. Use it, or take it out.", v.name))
		}
	}
	for _, d := range l.decls.locals {
		if !l.used["local "+d.name] {
			l.warn(d.rng, "Unused local", fmt.Sprintf("Nothing refers to local.%s. Use it, or take it out.", d.name))
		}
	}
	for _, d := range l.datasets {
		if !l.used["dataset "+d.Name] {
			l.warn(d.Source.Range, "Unused dataset", fmt.Sprintf("Nothing refers to dataset.%s. Use it, or take it out.", d.Name))
		}
	}
	for _, f := range l.fixtures {
		if !l.used["fixture "+f.Name] {
			l.warn(f.Source.Range, "Unused fixture", fmt.Sprintf("Nothing refers to fixture.%s, so it never runs. Use it, or take it out.", f.Name))
		}
	}
}
