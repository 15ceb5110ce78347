package generic

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/steps"
)

// maxPattern bounds the length of a pattern in bytes.
const maxPattern = 4096

// compile gives the pattern of one extract. Its errors end in what to do.
func compile(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("it is longer than %d bytes. Give a shorter one", maxPattern)
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("it is not a regular expression: %w. Give one of RE2", err)
	}
	if n := re.NumSubexp(); n != 1 {
		return nil, fmt.Errorf("it has %d groups. Put parentheses round the one part to take, and write (?: ) for others", n)
	}
	return re, nil
}

// checkExtract reports patterns that can not work, as far as they are known.
func checkExtract(a steps.Args) []steps.Problem {
	patterns := a.Strings("extract")
	var problems []steps.Problem
	for _, name := range slices.Sorted(maps.Keys(patterns)) {
		if _, err := compile(patterns[name]); err != nil {
			problems = append(problems, steps.Problem{Arg: "extract", Detail: fmt.Sprintf("The pattern of %q can not be used: %s.", name, err)})
		}
	}
	return problems
}

// extract takes the wanted parts out of a body. It fails, without quoting the body,
// when a part is missing or stands there in two different forms: taking the first
// of two would be a guess.
func extract(patterns map[string]string, body string) (cty.Value, error) {
	out := map[string]cty.Value{}
	for _, name := range slices.Sorted(maps.Keys(patterns)) {
		re, err := compile(patterns[name])
		if err != nil {
			return cty.NilVal, fmt.Errorf("the pattern of %q can not be used: %w", name, err)
		}
		found := map[string]bool{}
		for _, m := range re.FindAllStringSubmatch(body, -1) {
			found[m[1]] = true
		}
		switch len(found) {
		case 0:
			return cty.NilVal, fmt.Errorf("nothing in its body of %d bytes matches the pattern of %q", len(body), name)
		case 1:
			for text := range found {
				out[name] = cty.StringVal(text)
			}
		default:
			return cty.NilVal, fmt.Errorf("%d different texts in its body match the pattern of %q", len(found), name)
		}
	}
	return cty.ObjectVal(out), nil
}
