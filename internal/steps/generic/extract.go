package generic

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"

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
	kept map[string]*pattern
	// wishes are the maps that were asked for last: most often they are asked for again.
	wishes atomic.Pointer[[]*wish]
}

// compile is [compile] from memory. What does not compile is not kept.
func (p *patterns) compile(text string) (*pattern, error) {
	p.mu.RLock()
	known := p.kept[text]
	p.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	re, err := compile(text)
	if err != nil {
		return nil, err
	}
	made := newPattern(re)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[string]*pattern{}
	}
	if len(p.kept) < maxKept {
		p.kept[text] = made
	}
	return made, nil
}

// check reports patterns that can not work, as far as they are known.
func (p *patterns) check(a steps.Args) []steps.Problem {
	if p.known(a.Value("extract")) != nil {
		return nil
	}
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

// extract takes the wanted parts out of a body and appends them to out, in the order of
// their names. wanted is a known map of patterns, or null; what it gives is not nil. It fails, without quoting the body, when a part is
// missing or stands there in two different forms: taking the first of two would be a
// guess.
func (p *patterns) extract(out []part, wanted cty.Value, body string) ([]part, error) {
	if wanted.IsNull() {
		return out, nil
	}
	w, err := p.wish(wanted)
	if err != nil {
		return nil, err
	}
	var room [2]string
	for i, name := range w.names {
		found := w.patterns[i].texts(room[:0], body)
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

// wish compiles a known map of patterns.
func (p *patterns) wish(wanted cty.Value) (*wish, error) {
	if w := p.known(wanted); w != nil {
		return w, nil
	}
	w := &wish{}
	// Elements of a map come in the order of their keys.
	for it := wanted.ElementIterator(); it.Next(); {
		key, text := it.Element()
		if text.IsNull() {
			continue
		}
		name := key.AsString()
		re, err := p.compile(text.AsString())
		if err != nil {
			return nil, fmt.Errorf("the pattern of %q can not be used: %w", name, err)
		}
		w.add(key, name, text.AsString(), re)
	}
	p.keep(w)
	return w, nil
}
