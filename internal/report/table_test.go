package report

import (
	"slices"
	"testing"
)

// What has no room is left out: a figure that lost its end reads as another.
func TestFiguresAreWholeOrAbsent(t *testing.T) {
	t.Parallel()
	right := func(s string) cell { return cell{text: s, right: true} }
	var all table
	all.row(0, cell{text: "send"}, right("p50"), right("max"), cell{})
	all.row(0, cell{text: "send"}, right("1 ms"), right("47 ms"), cell{})
	for width, want := range map[int][]string{
		17: {"send   p50    max", "send  1 ms  47 ms"},
		16: {"send   p50", "send  1 ms"},
		0:  {"send   p50    max", "send  1 ms  47 ms"},
	} {
		if got := all.lines(width, false); !slices.Equal(got, want) {
			t.Errorf("at %d columns: %q, want %q", width, got, want)
		}
	}
}
