package generic

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sync"

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

// maxKept bounds how many compiled patterns are kept. A pattern that depends on the
// iteration is another one each time.
const maxKept = 1024

// patterns keeps compiled patterns by their text: a file has few, and they are used
// once for each message. It is safe for concurrent use; the zero value is ready.
type patterns struct {
	mu   sync.RWMutex
	kept map[string]*regexp.Regexp
}

// compile is [compile] from memory. What does not compile is not kept.
func (p *patterns) compile(pattern string) (*regexp.Regexp, error) {
	p.mu.RLock()
	re := p.kept[pattern]
	p.mu.RUnlock()
	if re != nil {
		return re, nil
	}
	re, err := compile(pattern)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[string]*regexp.Regexp{}
	}
	if len(p.kept) < maxKept {
		p.kept[pattern] = re
	}
	return re, nil
}

// check reports patterns that can not work, as far as they are known.
func (p *patterns) check(a steps.Args) []steps.Problem {
	wanted := a.Strings("extract")
	var problems []steps.Problem
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if _, err := p.compile(wanted[name]); err != nil {
			problems = append(problems, steps.Problem{Arg: "extract", Detail: fmt.Sprintf("The pattern of %q can not be used: %s.", name, err)})
		}
	}
	return problems
}

// part is what was found for the pattern of a name.
type part struct{ name, text string }

// extract takes the wanted parts out of a body, in the order of their names. wanted is a
// known map of patterns, or null. It fails, without quoting the body, when a part is
// missing or stands there in two different forms: taking the first of two would be a
// guess.
func (p *patterns) extract(wanted cty.Value, body string) ([]part, error) {
	if wanted.IsNull() {
		return []part{}, nil
	}
	out := make([]part, 0, wanted.LengthInt())
	// Elements of a map come in the order of their keys.
	for it := wanted.ElementIterator(); it.Next(); {
		key, pattern := it.Element()
		if pattern.IsNull() {
			continue
		}
		name := key.AsString()
		re, err := p.compile(pattern.AsString())
		if err != nil {
			return nil, fmt.Errorf("the pattern of %q can not be used: %w", name, err)
		}
		found := texts(re, body)
		switch len(found) {
		case 0:
			return nil, fmt.Errorf("nothing in its body of %d bytes matches the pattern of %q", len(body), name)
		case 1:
			out = append(out, part{name, found[0]})
		default:
			return nil, fmt.Errorf("%d different texts in its body match the pattern of %q", len(found), name)
		}
	}
	return out, nil
}

// texts gives the different texts of the group, in order.
func texts(re *regexp.Regexp, body string) []string {
	var out []string
	for _, m := range re.FindAllStringSubmatchIndex(body, -1) {
		text := ""
		if m[2] >= 0 {
			text = body[m[2]:m[3]]
		}
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}
