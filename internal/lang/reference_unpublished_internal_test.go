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

const referenceChange = `
## Changing the policy of a project that runs

` + "`GET /_ab/projects/{project}/policy`" + ` of the admin API shows the policy in force, without
its secrets. ` + "`PATCH`" + ` changes it by a JSON merge patch: an object is merged, a list is
replaced whole, null gives a setting its default, and ` + "`***`" + ` in place of a secret leaves it. The
outcome is checked as that of a ` + "`PUT`" + `; a patch that is refused changes nothing. Exports and
resets go by the policy in force.

What is decided from then on goes by it. What was issued keeps what was fixed then: the
ends of codes, links, sessions and tokens, the digits of a code, the address of a link,
whether an update ends other sessions. When a code or link is redeemed the policy in force
is asked for ` + "`disabled`" + `, attempts and windows, and what else ` + "`unpublished`" + ` says of updates and
repeated answers; when a session is used, for inactivity, rotation and cookies.

| Setting | When it is changed |
| --- | --- |
| ` + "`signing_alg`" + ` | A new key signs at once; the earlier ones stay published and their tokens good. |
| ` + "`limit`, `rate_limit`" + ` | A limit that stays as it is goes on counting; any other begins anew. |
| ` + "`fault`, `delivery`" + ` | Replace those in force, also what their own routes have changed, if the policy's own are other ones. |
| ` + "`connectors`" + ` | Posts of the earlier gateway that are under way end. |
| ` + "`user`" + ` | The users that the project has after its next reset. |
| ` + "`test_users_loginid_regexp`" + ` | Who is a test user stays one. |
| ` + "`journal`" + ` | As many of the newest requests as there is room for are kept. |
`
