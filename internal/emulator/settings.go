package emulator

import (
	"reflect"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// settings is a policy and what it comes to. It does not change: another policy puts
// another one in its place, so that whoever looks sees one policy or the other.
type settings struct {
	policy    policy.Project
	testRules testRules
	answers   map[descope.Condition]policy.Answer
	remembers bool // what was redeemed

	// The project's lock guards what the limiters count.
	requestLimits, messageLimits []*limiter
	guesses                      *limiter // of codes, by recipient; nil for no bound
}

// newSettings is what a valid policy comes to. A limit that was in force before, as it is,
// goes on counting; before may be nil.
func newSettings(p *policy.Project, before *settings) *settings {
	s := &settings{policy: *p, testRules: newTestRules(p), answers: newAnswers(p.Answers), remembers: remembersRedeemed(p)}
	s.requestLimits, s.messageLimits = limitersOf(p)
	s.guesses = guessesOf(p)
	if before == nil {
		return s
	}
	known := before.limiters()
	for _, list := range [][]*limiter{s.requestLimits, s.messageLimits} {
		for i, l := range list {
			list[i] = l.or(known)
		}
	}
	if s.guesses != nil && before.guesses != nil {
		s.guesses = s.guesses.or([]*limiter{before.guesses})
	}
	return s
}

// or is the one that carries out the same limit already, else the limiter itself.
func (l *limiter) or(known []*limiter) *limiter {
	for _, k := range known {
		if reflect.DeepEqual(k.Limit, l.Limit) {
			return k
		}
	}
	return l
}

// limiters is every limiter in the order of the policy.
func (s *settings) limiters() []*limiter {
	all := append(append([]*limiter{}, s.requestLimits...), s.messageLimits...)
	if s.guesses != nil {
		all = append(all, s.guesses)
	}
	return all
}

// policy is the one in force. Nobody changes it.
func (p *project) policy() *policy.Project { return &p.settings.Load().policy }

func (p *project) testRules() *testRules { return &p.settings.Load().testRules }
