package generic

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// pattern is a compiled pattern of one extract. It is read-only.
type pattern struct {
	re *regexp.Regexp
	// begins tells with which bytes a match may begin. It is nil for a pattern that may
	// match nothing, or that looks at what stands around: it must see the whole text.
	begins *[256]bool
}

func newPattern(re *regexp.Regexp) *pattern {
	return &pattern{re: re, begins: beginnings(re.String())}
}

// texts appends the different texts of the group to out, which is empty, in order.
func (p *pattern) texts(out []string, body string) []string {
	if p.begins == nil {
		return p.search(out, body)
	}
	for {
		i := 0
		for i < len(body) && !p.begins[body[i]] {
			i++
		}
		if i == len(body) {
			return out
		}
		body = body[i:]
		m := p.re.FindStringSubmatchIndex(body)
		if m == nil {
			return out
		}
		out = group(out, body, m)
		body = body[m[1]:]
	}
}

// search is texts for any pattern.
func (p *pattern) search(out []string, body string) []string {
	for _, m := range p.re.FindAllStringSubmatchIndex(body, -1) {
		out = group(out, body, m)
	}
	return out
}

// group adds the text of the group unless it is there already.
func group(out []string, body string, match []int) []string {
	text := ""
	if match[2] >= 0 {
		text = body[match[2]:match[3]]
	}
	if slices.Contains(out, text) {
		return out
	}
	return append(out, text)
}

// beginnings gives the bytes with which a match may begin, nil for unknown.
func beginnings(text string) *[256]bool {
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil
	}
	var begins [256]bool
	for b := utf8.RuneSelf; b < len(begins); b++ {
		begins[b] = true // the pattern decides
	}
	seen := make([]bool, len(prog.Inst))
	next := []uint32{uint32(prog.Start)}
	for len(next) > 0 {
		at := next[len(next)-1]
		next = next[:len(next)-1]
		if seen[at] {
			continue
		}
		seen[at] = true
		switch inst := &prog.Inst[at]; inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			next = append(next, inst.Out, inst.Arg)
		case syntax.InstCapture, syntax.InstNop:
			next = append(next, inst.Out)
		case syntax.InstMatch:
			return nil
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			for r := range rune(utf8.RuneSelf) {
				begins[r] = begins[r] || inst.MatchRune(r)
			}
		}
	}
	for i := range prog.Inst {
		if prog.Inst[i].Op == syntax.InstEmptyWidth {
			return nil
		}
	}
	return &begins
}
