package lang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// suggest gives ` Did you mean "x"?` for the nearest known word, or nothing.
func suggest(word string, known []string) string {
	if best := nearest(word, known); best != "" {
		return fmt.Sprintf(" Did you mean %q?", best)
	}
	return ""
}

// maxSuggested bounds the words that are searched for what may have been meant.
const maxSuggested = 1000

func nearest(word string, known []string) string {
	if len(known) > maxSuggested {
		return ""
	}
	sorted := slices.Clone(known)
	slices.Sort(sorted)
	best, distance := "", 3
	for _, k := range sorted {
		if d := levenshtein.Distance(strings.ToLower(word), strings.ToLower(k), nil); d < distance && 2*d <= len(word) {
			best, distance = k, d
		}
	}
	return best
}

// list writes words for people: `"a", "b" and "c"`.
func list(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", w)
	}
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	return strings.Join(quoted[:len(quoted)-1], ", ") + " and " + quoted[len(quoted)-1]
}
