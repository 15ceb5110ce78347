package plan

import (
	"fmt"
	"regexp"
	"strings"
)

// maxSelection bounds the text of a selection, in bytes.
const maxSelection = 4096

// Selector says which scenarios are meant. It is immutable; make it with
// [NewSelector].
type Selector struct {
	run  *regexp.Regexp
	tags tagExpr
}

// NewSelector takes the regular expression of --run and the expression of --tags. An
// empty text selects everything.
func NewSelector(run, tags string) (*Selector, error) {
	s := &Selector{}
	if len(run) > maxSelection || len(tags) > maxSelection {
		return nil, fmt.Errorf("selection: longer than %d bytes", maxSelection)
	}
	if run != "" {
		re, err := regexp.Compile(run)
		if err != nil {
			return nil, fmt.Errorf("run expression %q: %w", run, err)
		}
		s.run = re
	}
	if strings.TrimSpace(tags) != "" {
		expr, err := parseTags(tags)
		if err != nil {
			return nil, fmt.Errorf("tags expression %q: %w", tags, err)
		}
		s.tags = expr
	}
	return s, nil
}

// Select gives a copy of the plan with the selected scenarios, what they need, and the
// load profiles that run nothing else. It shares everything else with p.
func (s *Selector) Select(p *Plan) *Plan { return p.part(s.Selects) }

// Selects reports whether a scenario is meant. The regular expression is held
// against the address without "scenario.", as in `update_phone["sms"]`.
func (s *Selector) Selects(sc *Scenario) bool {
	if s.run != nil && !s.run.MatchString(strings.TrimPrefix(sc.Address, "scenario.")) {
		return false
	}
	return s.tags == nil || s.tags(sc.Tags)
}
