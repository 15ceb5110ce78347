package lang_test

import (
	"testing"

	"github.com/authbench/authbench/internal/lang"
)

// The page is that of the tables; -update writes it.
func TestEmulatorReference(t *testing.T) {
	t.Parallel()
	golden(t, "../../docs/reference/emulator.md", lang.EmulatorReference())
}
