package lang

import "fmt"

// warnUnused points out variables and top-level locals that nothing refers to: often
// a misspelt name. A configuration with mistakes has other worries.
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
}
