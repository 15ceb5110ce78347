package cli

import (
	"strings"
	"testing"
)

// TestScreenInAnotherWidth clears: lines that the terminal wrapped again are more rows
// than were drawn.
func TestScreenInAnotherWidth(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	s := &screen{app: &app{Process: Process{Err: &out, ErrWidth: 80}}, terminal: true}
	const clears, climbs = "\x1b[H\x1b[2J", "\x1b[2A"
	for _, step := range []struct {
		name  string
		width int
		want  string
		never string
	}{
		{"first", 80, "one", clears}, {"the same width", 80, climbs, clears}, {"narrower", 40, clears, climbs},
		{"narrow still", 40, climbs, clears}, {"wider", 120, clears, climbs},
	} {
		out.Reset()
		s.draw([]string{"one", "two"}, step.width)
		if got := out.String(); !strings.Contains(got, step.want) || strings.Contains(got, step.never) {
			t.Errorf("%s: got %q", step.name, got)
		}
	}
	out.Reset()
	s.clear() // the window has 80 columns
	if got := out.String(); got != clears {
		t.Errorf("taken away in another width: got %q", got)
	}
}
