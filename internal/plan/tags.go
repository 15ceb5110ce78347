package plan

import (
	"errors"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"
)

// tagExpr tells whether a list of tags fits.
type tagExpr func(tags []string) bool

// The grammar, a comma being another way to write ||:
//
//	or   = and  { ( "||" | "," ) and }
//	and  = unit { "&&" unit }
//	unit = "!" unit | "(" or ")" | TAG
type tagParser struct {
	rest string
}

func parseTags(text string) (tagExpr, error) {
	p := &tagParser{rest: text}
	expr, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.rest != "" {
		return nil, p.unexpected("&&, || or the end")
	}
	return expr, nil
}

func (p *tagParser) or() (tagExpr, error) {
	left, err := p.and()
	for err == nil && (p.take("||") || p.take(",")) {
		var right tagExpr
		first := left
		if right, err = p.and(); err == nil {
			left = func(tags []string) bool { return first(tags) || right(tags) }
		}
	}
	return left, err
}

func (p *tagParser) and() (tagExpr, error) {
	left, err := p.unit()
	for err == nil && p.take("&&") {
		var right tagExpr
		first := left
		if right, err = p.unit(); err == nil {
			left = func(tags []string) bool { return first(tags) && right(tags) }
		}
	}
	return left, err
}

func (p *tagParser) unit() (tagExpr, error) {
	switch {
	case p.take("!"):
		inner, err := p.unit()
		return func(tags []string) bool { return !inner(tags) }, err
	case p.take("("):
		inner, err := p.or()
		if err == nil && !p.take(")") {
			err = p.unexpected(")")
		}
		return inner, err
	}
	tag := p.tag()
	if tag == "" {
		return nil, p.unexpected("a tag")
	}
	return func(tags []string) bool { return slices.Contains(tags, tag) }, nil
}

// take removes a word from the front, with the blanks round it.
func (p *tagParser) take(word string) bool {
	p.blanks()
	if len(p.rest) < len(word) || p.rest[:len(word)] != word {
		return false
	}
	p.rest = p.rest[len(word):]
	p.blanks()
	return true
}

func (p *tagParser) tag() string {
	p.blanks()
	n := 0
	for n < len(p.rest) {
		r, size := utf8.DecodeRuneInString(p.rest[n:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' && r != '.' {
			break
		}
		n += size
	}
	tag := p.rest[:n]
	p.rest = p.rest[n:]
	p.blanks()
	return tag
}

func (p *tagParser) blanks() {
	for len(p.rest) > 0 && (p.rest[0] == ' ' || p.rest[0] == '\t') {
		p.rest = p.rest[1:]
	}
}

func (p *tagParser) unexpected(want string) error {
	if p.rest == "" {
		return errors.New("it ends where " + want + " should stand")
	}
	r, _ := utf8.DecodeRuneInString(p.rest)
	switch r {
	case '&':
		return errors.New("write && for and")
	case '|':
		return errors.New("write || for or")
	}
	return fmt.Errorf("it has %q where %s should stand", string(r), want)
}
