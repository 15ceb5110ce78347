package lang

import (
	"fmt"
	"strings"

	"github.com/authbench/authbench/internal/policy"
)

// EmulatorReference is the page of the emulator's settings, made of the tables that
// read them.
func EmulatorReference() string {
	var b strings.Builder
	b.WriteString(referenceHead)
	defaults := policy.Default()
	writeArgs(&b, describe(emulatorArgs(), &defaults))
	for _, block := range emulatorBlocks() {
		writeBlock(&b, block, "")
	}
	b.WriteString(referenceLimits)
	p := policy.Project{RateLimit: policy.RateLimitDescope}
	for _, l := range p.LimitsInForce() {
		covers := paths(l.Routes)
		if len(l.Routes) == 0 {
			covers = "everything"
		}
		if len(l.Except) > 0 {
			covers += " but " + paths(l.Except)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %d in %s | %s | %s |\n", l.Name, l.By, l.Requests, l.Window, l.Backoff, covers)
	}
	b.WriteString(referenceTail)
	writeUnpublished(&b)
	b.WriteString(referenceChange)
	return b.String()
}

// writeBlock writes a block and those within it; in names what holds it.
func writeBlock(b *strings.Builder, block emulatorBlock, in string) {
	title := in + block.kind
	for _, label := range block.labels {
		title += fmt.Sprintf(" %q", label)
	}
	often := "There may be one."
	if !block.once {
		often = "There may be any number, each with a name of its own, in JSON the member `" + block.member + "`."
	}
	fmt.Fprintf(b, "\n## `%s`\n\n%s\n", title, wrap(block.doc+" "+often))
	if len(block.args) > 0 {
		b.WriteByte('\n')
		writeArgs(b, block.args)
	}
	for _, inner := range block.inner {
		writeBlock(b, inner, in+block.kind+" > ")
	}
}

func writeArgs(b *strings.Builder, args []described) {
	b.WriteString("| Argument | Value | Default | Meaning |\n| --- | --- | --- | --- |\n")
	for _, a := range args {
		fallback := "none"
		switch {
		case a.required:
			fallback = "required"
		case a.fallback != "":
			fallback = "`" + a.fallback + "`"
		}
		kind := a.kind
		if strings.HasPrefix(kind, `"`) {
			kind = "`" + strings.ReplaceAll(kind, " or ", "`, `") + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", a.name, kind, fallback, a.doc)
	}
}

func paths(list []string) string { return "`" + strings.Join(list, "`, `") + "`" }

// wrap breaks prose at 90 characters.
func wrap(text string) string {
	var b strings.Builder
	column := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case column > 0 && column+1+len(word) > 90:
			b.WriteByte('\n')
			column = 0
		case column > 0:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}

const referenceHead = `<!-- Made by go test ./internal/lang -run TestEmulatorReference -update. Do not edit. -->

# Settings of the emulator

An ` + "`emulator`" + ` block says how an emulated project behaves. It stands in a provider whose
` + "`base_url`" + ` is an emulator, or alone in a file for ` + "`authbench emulate --config`" + `:

` + "```hcl" + `
emulator {
  signing_alg = "ES256"
  rate_limit  = "custom"

  otp {
    attempts        = 3
    window_attempts = 10
    attempts_window = "1h"
  }

  limit "cooldown" {
    by       = "recipient"
    requests = 1
    window   = "30s"
  }

  user "alice" {
    phone          = "+15555550101"
    verified_phone = true
  }
}
` + "```" + `

The admin API takes the same settings by the same names as JSON, the ` + "`policy`" + ` of
` + "`PUT /_ab/projects/{project}`" + `; there a block is an object, one that may be repeated is a
list of objects, and its label is the member that is named below. What is left out has
its default.

A duration is text with units, ` + "`\"90s\"`" + ` or ` + "`\"1h30m\"`" + `. All lifetimes and windows are
measured by the project's clock. Settings have the names of the vendor's Terraform
provider wherever it has them.

`

const referenceLimits = `
## Limits that Descope publishes

In force with ` + "`rate_limit = \"descope\"`" + `. A request of a method that is disabled is counted
too; the public keys have no limit. A refusal is status 429 with code E130429, or, for
limits on messages, which Descope gives no code for, EAB1429.

| Limit | By | Requests | Back-off | Covers |
| --- | --- | --- | --- | --- |
`

const referenceTail = `
Addresses are those of connections. No header, such as X-Forwarded-For, changes them.
`
