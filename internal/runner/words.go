package runner

import (
	"fmt"
	"strings"

	"github.com/authbench/authbench/internal/steps"
)

// or gives the first text unless it is empty.
func or[T ~string](first, other T) T {
	if first != "" {
		return first
	}
	return other
}

// oneLine joins the lines of a text.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// sentence makes a message a full sentence, for a diagnostic.
func sentence(s string) string {
	if s == "" {
		return s
	}
	if s[0] >= 'a' && s[0] <= 'z' {
		s = strings.ToUpper(s[:1]) + s[1:]
	}
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// answer describes a reply that is not a success.
func answer(r *steps.Reply) string {
	var parts []string
	if r.Status != 0 {
		parts = append(parts, fmt.Sprintf("status %d", r.Status))
	}
	if code := codeOf(r); code != "" {
		parts = append(parts, "error "+code)
	}
	if len(parts) == 0 || r.Message != "" && !refused(r) {
		parts = append(parts, or(r.Message, "no success"))
	}
	return strings.Join(parts, ", ")
}
