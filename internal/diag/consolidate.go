package diag

import "fmt"

// consolidate keeps, of the warnings that share a summary, only the first, which
// then tells how many it stands for. Errors are kept as they are.
func consolidate(l List) List {
	more := make(map[string]int)
	for _, d := range l {
		if d.Severity != Error {
			more[d.Summary]++
		}
	}
	out := make(List, 0, len(l))
	shown := make(map[string]bool)
	for _, d := range l {
		if d.Severity != Error {
			if shown[d.Summary] {
				continue
			}
			shown[d.Summary] = true
			d.Detail += similar(more[d.Summary]-1, d.Detail != "")
		}
		out = append(out, d)
	}
	return out
}

func similar(n int, afterText bool) string {
	if n == 0 {
		return ""
	}
	text := fmt.Sprintf("(and %d more similar warnings elsewhere)", n)
	if n == 1 {
		text = "(and one more similar warning elsewhere)"
	}
	if afterText {
		text = "\n\n" + text
	}
	return text
}
