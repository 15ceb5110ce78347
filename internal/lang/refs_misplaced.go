package lang

import (
	"fmt"
	"slices"

	"github.com/authbench/authbench/internal/eval"
)

// misplacedRoot explains why a word of the language can not stand here.
func (l *loader) misplacedRoot(r eval.Ref, env *refEnv) {
	detail := fmt.Sprintf("%q can not be referred to %s.", r.Root, env.where)
	switch {
	case r.Root == "each":
		detail = fmt.Sprintf("%q is there only in a scenario or a step with for_each.", "each")
	case r.Root == "self":
		detail = `"self" is the result of a step. It is there in expect, assert and poll blocks of a step alone.`
	case r.Root == "metrics":
		detail = `"metrics" are the numbers of a load run. They are there in thresholds alone.`
	case env.metrics != nil:
		detail = fmt.Sprintf("%q belongs to one iteration, and a threshold judges the numbers of all.", r.Root)
	case env.fixture:
		detail = fixtureRoot(r.Root)
	case !env.impure && slices.Contains([]string{"iteration", "vu", "run", "step", "provider", "dataset", "fixture"}, r.Root):
		detail = fmt.Sprintf("%q is not known before the run, and this value is made before anything is sent: it can not be used %s.", r.Root, env.where)
	}
	if len(env.roots) == 0 {
		detail += " Write a plain value."
	} else {
		detail += fmt.Sprintf(" Here %s may be used.", list(env.roots))
	}
	l.error(r.Range, "Invalid reference", detail)
}

// fixtureRoot explains what a fixture can not refer to.
func fixtureRoot(root string) string {
	switch root {
	case "dataset", "fixture":
		return "A fixture stands for itself: it can refer to no dataset and to no other fixture. Do what it needs in its own steps."
	case "vu":
		return `"vu" is the user that a fixture is made for. This one is made once for the run: write scope = "vu" to make one for each user.`
	}
	return fmt.Sprintf("A fixture is made before the iterations that need it, so %q can not be referred to in one. For a value of its own there are functions such as uuid().", root)
}
