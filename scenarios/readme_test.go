package scenarios_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/plan"
)

// TestReadme: the table of README.md has one row for each scenario, as the files say. The
// instances of a scenario share one.
func TestReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| `") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	for _, sc := range suite(t).Scenarios {
		ids, labels := tags(sc)
		row := fmt.Sprintf("| `%s` | %s | %s | %s | %d |",
			sc.Name, strings.Join(ids, " "), strings.Join(labels, " "), sc.Description, messages(sc))
		if !slices.Contains(want, row) {
			want = append(want, row)
		}
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("table of README.md (-got +want):\n%s", diff)
	}
}

// messages counts what an iteration makes the target send: by the steps that ask for
// a message, as often as they are repeated whatever came of it, and by others that a wait
// names.
func messages(sc *plan.Scenario) int {
	steps := slices.Concat(sc.Setup, sc.Body, sc.Teardown)
	awaited := func(s *plan.Step) bool {
		return slices.ContainsFunc(steps, func(w *plan.Step) bool { return w.After != nil && w.After.Name == s.Name })
	}
	n := 0
	for _, s := range steps {
		if s.Expect.Refusal() || s.Channel() == "" && !awaited(s) {
			continue
		}
		n++
		if s.Retry != nil {
			n += s.Retry.Attempts - 1
		}
	}
	return n
}
