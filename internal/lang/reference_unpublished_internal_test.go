package lang

import (
	"fmt"
	"strings"

	"github.com/authbench/authbench/internal/policy"
)

// writeUnpublished writes both tables of what nobody has published.
func writeUnpublished(b *strings.Builder) {
	b.WriteString(referenceChoices)
	for _, c := range policy.Choices() {
		fmt.Fprintf(b, "| `%s` | %s | `%s` |\n", c.Setting, valuesOf(c), c.Shown())
	}
	b.WriteString(referenceConditions)
	for _, c := range policy.Conditions() {
		code := "open"
		if c.CodeKnown {
			code = "published"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", c.Name, code, c.When)
	}
}

func valuesOf(c policy.Choice) string {
	between := func(least, most string) string { return least + " to " + most }
	switch c.Field(&policy.Project{}).(type) {
	case *string:
		return "`\"" + strings.Join(c.Words, "\"`, `\"") + "\"`"
	case *bool:
		return "`true`, `false`"
	case *int:
		return between(fmt.Sprint(c.Least), fmt.Sprint(c.Most))
	case *policy.Duration:
		return between(policy.Duration(c.Least).String(), policy.Duration(c.Most).String())
	}
	return "list of strings"
}

const referenceChoices = `
## What nobody has published

The choices where nobody has published what the service does, or what its default is, and
how the emulator chooses. Everything that a project may choose otherwise is in this table
or in that of refusals. The settings are those above; a name with a dot is one of the block
before the dot.

| Setting | Values | Default |
| --- | --- | --- |
`

const referenceConditions = `
### Refusals

Conditions of ` + "`answer`" + `. Of each the status and the message are open; so is the code unless it
is published for the condition. A case of another condition has that one's answer as long
as it has none of its own.

A request that names no project the emulator has is answered by the project of the header
` + "`x-descope-project-id`" + `, which SDKs send, or by the only one that there is.

| Condition | Code | When |
| --- | --- | --- |
`
