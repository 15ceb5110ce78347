package eval

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/authbench/authbench/internal/diag"
)

// MaxText bounds the texts that expressions come to, in bytes: a few locals that each
// double the one before could otherwise ask for gigabytes.
const MaxText = 16 << 20

var errLongText = fmt.Errorf("the text would have more than %d bytes", MaxText)

// plainText gives a text that is there, without its marks.
func plainText(v cty.Value) (string, bool) {
	v, _ = v.Unmark()
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return "", false
	}
	return v.AsString(), true
}

// tooLong tells an evaluation that came to a text beyond the bound.
func (e *Expr) tooLong(v cty.Value) diag.List {
	if text, ok := plainText(v); ok && len(text) > MaxText {
		return e.site.Error("Text too long", fmt.Sprintf("The text has %d bytes; %d are allowed.", len(text), MaxText))
	}
	return nil
}

// tooLongReplaced reports a replacement that would make a text beyond the bound.
func tooLongReplaced(text, search, with string) bool {
	grows := len(with) - len(search)
	return grows > 0 && len(text)+strings.Count(text, search)*grows > MaxText
}

// tooLongMatched is tooLongReplaced for a pattern. The replacement may repeat what was
// matched, at two bytes each time.
func tooLongMatched(text string, re *regexp.Regexp, with string) bool {
	if (len(text)+1)*(len(with)+1) <= MaxText {
		return false
	}
	size := len(text)
	for _, m := range re.FindAllStringIndex(text, MaxText/max(len(with), 1)+1) {
		if size += len(with); strings.Contains(with, "$") {
			size += len(with) / 2 * (m[1] - m[0])
		}
		if size > MaxText {
			return true
		}
	}
	return false
}

// joinable refuses lists that join to a text without bound.
func joinable(f function.Function) function.Function {
	return guarded(f, func(args []cty.Value) error {
		separator, _ := plainText(args[0])
		size := 0
		for _, list := range args[1:] {
			list, _ = list.Unmark()
			if !list.IsKnown() || list.IsNull() || !list.CanIterateElements() {
				continue
			}
			for it := list.ElementIterator(); it.Next(); {
				_, v := it.Element()
				text, _ := plainText(v)
				if size += len(separator) + len(text); size > MaxText {
					return errLongText
				}
			}
		}
		return nil
	})
}
