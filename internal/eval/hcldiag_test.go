package eval_test

import (
	"strings"
	"testing"
)

// Infinity makes cty's remainder panic, and its error holds the stack of the process.
func TestPanicsOfFunctionsShowNoStack(t *testing.T) {
	t.Parallel()
	_, diags := value(t, "(1 / 0) % 2 % 3", nil)
	if !diags.HasErrors() {
		t.Fatal("no error")
	}
	if detail := diags[0].Detail; strings.Contains(detail, "goroutine") || !strings.HasSuffix(detail, "it can not be done with these values.") {
		t.Errorf("detail is %q", detail)
	}
}
