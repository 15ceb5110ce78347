package stats

import (
	"slices"
	"time"

	"github.com/authbench/authbench/internal/result"
)

const (
	// samplesEach is how many failures of one sort are kept whole.
	samplesEach = 3
	// maxSampled bounds the sorts of which any failure is kept whole.
	maxSampled = 256
)

// Failure is all failures and errors of one sort: the same scenario instance, step,
// error code and reason.
type Failure struct {
	Suite, Scenario, Key, Address string
	// Section, Step and Kind are empty when the iteration failed outside a step.
	Section    result.Section
	Step, Kind string
	// ErrorCode is the API's, empty without one, "other" beyond the first 64 codes.
	ErrorCode string
	Reason    result.Reason
	Outcome   result.Outcome
	// Count is how often it occurred, the samples included; Warmup is how many of them
	// belong to the warm-up of a load run.
	Count, Warmup uint64
	// Samples are the first three, complete.
	Samples []Sample
}

// Sample is one failure with its evidence.
type Sample struct {
	// Iteration and Seed reproduce it.
	Iteration, Seed uint64
	Start           time.Time
	// Duration is the iteration's.
	Duration time.Duration
	Message  string
	// Step is nil when the iteration failed outside a step.
	Step *result.Step
}

type failureKey struct {
	caseKey
	section         result.Section
	step, errorCode string
	reason          result.Reason
	outcome         result.Outcome
}

type failures struct {
	list  []*Failure
	index map[failureKey]*Failure
	codes tally
}

// add counts every step that went wrong in an iteration that did, and the iteration
// itself when no step explains it.
func (f *failures) add(it *result.Iteration) {
	bad := wrong(it.Outcome)
	if !bad && !it.TeardownFailed {
		return
	}
	explained := false
	for i := range it.Steps {
		s := &it.Steps[i]
		if !wrong(s.Outcome) || !bad && s.Section != result.Teardown {
			continue
		}
		explained = true
		f.count(it, s, Failure{
			Section: s.Section, Step: s.Name, Kind: s.Kind,
			ErrorCode: s.ErrorCode, Reason: s.Reason, Outcome: s.Outcome,
		})
	}
	if !explained {
		f.count(it, nil, Failure{Step: it.Step, Reason: it.Reason, Outcome: it.Outcome})
	}
}

func wrong(o result.Outcome) bool { return o == result.Failure || o == result.Error }

func (f *failures) count(it *result.Iteration, s *result.Step, sort Failure) {
	sort.ErrorCode = f.code(sort.ErrorCode)
	key := failureKey{
		caseKey{it.Suite, it.Address}, sort.Section, sort.Step, sort.ErrorCode, sort.Reason, sort.Outcome,
	}
	known := f.index[key]
	if known == nil {
		sort.Suite, sort.Scenario, sort.Key, sort.Address = it.Suite, it.Scenario, it.Key, it.Address
		known = &sort
		f.index[key] = known
		f.list = append(f.list, known)
	}
	known.Count++
	if it.Warmup {
		known.Warmup++
	}
	if len(known.Samples) == samplesEach || len(known.Samples) == 0 && len(f.list) > maxSampled {
		return
	}
	sample := Sample{Iteration: it.ID, Seed: it.Seed, Start: it.Start, Duration: it.Duration, Message: it.Message}
	if s != nil {
		sample.Step, sample.Message = kept(s), s.Message
	}
	known.Samples = append(known.Samples, sample)
}

// kept copies a step: a pointer into the iteration would keep all its steps alive, and
// an iteration of a load run is used again.
func kept(s *result.Step) *result.Step {
	step := *s
	step.Exchanges = slices.Clone(s.Exchanges)
	step.Diagnostics = slices.Clone(s.Diagnostics)
	if s.Delivery != nil {
		delivery := *s.Delivery
		step.Delivery = &delivery
	}
	return &step
}

// copies gives all sorts, and shares nothing that changes.
func (f *failures) copies() []Failure {
	var out []Failure
	for _, known := range f.list {
		own := *known
		own.Samples = slices.Clone(known.Samples)
		out = append(out, own)
	}
	return out
}

// code bounds the codes that tell sorts apart, because a target makes them up.
func (f *failures) code(code string) string {
	if code == "" {
		return ""
	}
	if _, known := f.codes[code]; !known && len(f.codes) >= maxNames {
		return other
	}
	f.codes[code]++
	return code
}
