package lang

import (
	"fmt"

	"github.com/authbench/authbench/internal/policy"
)

func unpublishedBlock() emulatorBlock {
	const doc = "What the emulator does where nobody has published what the service does. The defaults are the emulator's own; " +
		"whoever knows better says so here."
	return once("unpublished", doc, choiceArgs("unpublished"), whole)
}

// choiceArgs are the arguments of a block that stand in the table of choices.
func choiceArgs(block string) []argument[policy.Project] {
	var out []argument[policy.Project]
	for _, c := range policy.Choices() {
		if c.Block() == block {
			out = append(out, choiceArg(c.Setting))
		}
	}
	return out
}

// choiceArg is the argument of a choice.
func choiceArg(setting string) argument[policy.Project] {
	c := policy.ChoiceOf(setting)
	switch c.Field(&policy.Project{}).(type) {
	case *string:
		return wordArg(c.Name(), c.Words, c.Doc, placeOf[string](c))
	case *bool:
		return boolArg(c.Name(), c.Doc, placeOf[bool](c))
	case *int:
		return intArg(c.Name(), c.Least, c.Doc, placeOf[int](c))
	case *policy.Duration:
		return durationArg(c.Name(), c.Doc, placeOf[policy.Duration](c))
	case *[]string:
		return textsArg(c.Name(), c.Doc, placeOf[[]string](c))
	}
	panic(fmt.Sprintf("lang: the choice %s is of a kind that no argument is of", setting))
}

func placeOf[T any](c policy.Choice) func(*policy.Project) *T {
	return func(p *policy.Project) *T {
		at, _ := c.Field(p).(*T)
		return at
	}
}
