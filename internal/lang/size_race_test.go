//go:build race

package lang_test

import "github.com/authbench/authbench/internal/lang"

// One goroutine reads a file: the race detector has nothing to find in a larger one.
const (
	mistaken = lang.MaxFileSize / 32 // bytes of a file that is wrong everywhere
	levels   = 10_000                // levels of a file that is nested
)
