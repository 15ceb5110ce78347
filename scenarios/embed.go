// Package scenarios holds the shipped suite: one configuration, an .hcl file for
// each family of flows. The files run as they are; this package only makes them
// part of the binary. It runs nothing. Start at main.hcl, then README.md.
package scenarios

import "embed"

// Files is the suite, every file at the root. It is read-only and safe for
// concurrent use.
//
//go:embed *.hcl
var Files embed.FS
