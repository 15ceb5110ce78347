// Package stats turns the stream of results into one summary.
//
// An [Accumulator] takes iterations one by one and keeps counts, histograms and the
// first few complete failures of each sort: its memory depends on what was declared,
// not on how long it runs. [Accumulator.Summary] gives the numbers and the verdict
// as plain data. The package writes nothing, and knows no HCL and no metric.
package stats

import (
	"time"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/result"
)

// Case is a scenario instance that was selected to run.
type Case struct {
	// Suite is the path of the configuration, Scenario the declared name, Key the
	// for_each key, empty without one. Address is unique in a suite.
	Suite, Scenario, Key, Address string
	Description                   string
	Tags                          []string
}

// Accumulator adds up the iterations of one run. It is for one goroutine.
type Accumulator struct {
	run        result.Run
	cases      []*caseSums
	index      map[caseKey]*caseSums
	iterations Counts
	requests   Requests
	messages   tally
	errorCodes tally
	deliveries map[string]*deliverySums
	failures   failures
	// locked counts the iterations that ended because credentials were refused.
	locked uint64
	// fixtureFailed tells that one did not stand or was not taken down.
	fixtureFailed bool
}

type caseKey struct{ suite, address string }

type caseSums struct {
	Case
	outcome        result.Outcome
	reason         result.Reason
	note           string
	counts         Counts
	elapsed        time.Duration
	duration, wait hist.Histogram
	steps          []*stepSums
	index          map[stepKey]*stepSums
}

type stepKey struct {
	section    result.Section
	name, kind string
}

type stepSums struct {
	stepKey
	counts         Counts
	expected       uint64
	outcome        result.Outcome
	reason         result.Reason
	note           string
	duration, wait hist.Histogram
}

type deliverySums struct {
	results  map[result.DeliveryResult]uint64
	duration hist.Histogram
}

// New makes an accumulator. cases are in the order of the plan; one that never
// runs is in the summary all the same.
func New(run result.Run, cases []Case) *Accumulator {
	a := &Accumulator{
		run: run, index: make(map[caseKey]*caseSums, len(cases)),
		messages: make(tally), errorCodes: make(tally), deliveries: make(map[string]*deliverySums),
		failures: failures{index: make(map[failureKey]*Failure), codes: make(tally)},
	}
	for _, c := range cases {
		a.add(c)
	}
	return a
}

func (a *Accumulator) add(c Case) *caseSums {
	sums := &caseSums{Case: c, index: make(map[stepKey]*stepSums)}
	a.cases = append(a.cases, sums)
	a.index[caseKey{c.Suite, c.Address}] = sums
	return sums
}

// Add counts one iteration. Parts of it may be kept: the caller must not change it
// afterwards. An iteration of a case that [New] was not told of makes one.
func (a *Accumulator) Add(it *result.Iteration) {
	if wrong(it.Outcome) && lockedOut(it) {
		a.locked++
	}
	c := a.index[caseKey{it.Suite, it.Address}]
	if c == nil {
		c = a.add(Case{Suite: it.Suite, Scenario: it.Scenario, Key: it.Key, Address: it.Address})
	}
	a.iterations.Add(it.Outcome)
	c.count(it)
	for i := range it.Steps {
		s := &it.Steps[i]
		c.step(s).count(s)
		a.countTraffic(s)
	}
	a.failures.add(it)
}

func (c *caseSums) count(it *result.Iteration) {
	c.counts.Add(it.Outcome)
	c.elapsed += it.Duration
	if graver(it.Outcome, c.outcome) {
		c.outcome, c.reason, c.note = it.Outcome, it.Reason, it.Message
	}
	if judged(it.Outcome) {
		c.duration.Record(it.Duration)
		c.wait.Record(it.Wait)
	}
}

// judged tells the iterations whose time means something: one that was cut short by
// an error or a signal would pull the numbers anywhere.
func judged(o result.Outcome) bool { return o == result.Success || o == result.Failure }

func (c *caseSums) step(s *result.Step) *stepSums {
	key := stepKey{s.Section, s.Name, s.Kind}
	sums := c.index[key]
	if sums == nil {
		sums = &stepSums{stepKey: key}
		c.index[key] = sums
		c.steps = append(c.steps, sums)
	}
	return sums
}

func (sums *stepSums) count(s *result.Step) {
	sums.counts.Add(s.Outcome)
	if s.Expected {
		sums.expected++
	}
	if graver(s.Outcome, sums.outcome) {
		sums.outcome, sums.reason, sums.note = s.Outcome, s.Reason, s.Message
	}
	if s.Duration > 0 {
		sums.duration.Record(s.Duration)
	}
	if s.Wait > 0 {
		sums.wait.Record(s.Wait)
	}
}

func (a *Accumulator) countTraffic(s *result.Step) {
	for i := range s.Exchanges {
		x := &s.Exchanges[i]
		a.requests.count(x)
		if x.ErrorCode != "" {
			a.errorCodes.add(x.ErrorCode)
		}
	}
	if s.Sent != "" {
		a.messages.add(s.Sent)
	}
	if d := s.Delivery; d != nil {
		a.delivery(d.Channel).count(d)
	}
}

func (r *Requests) count(x *result.Exchange) {
	r.Sent++
	if x.Status > 0 {
		r.Answered++
	}
	if x.Attempt > 1 {
		r.Repeated++
	}
	switch x.Status {
	case 429:
		r.RateLimited++
	case 401, 403:
		r.Refused++
	}
}

func (a *Accumulator) delivery(channel string) *deliverySums {
	sums := a.deliveries[channel]
	if sums == nil {
		if len(a.deliveries) >= maxNames {
			channel = other
		}
		if sums = a.deliveries[channel]; sums == nil {
			sums = &deliverySums{results: make(map[result.DeliveryResult]uint64)}
			a.deliveries[channel] = sums
		}
	}
	return sums
}

func (sums *deliverySums) count(d *result.Delivery) {
	sums.results[d.Result]++
	if d.Duration > 0 {
		sums.duration.Record(d.Duration)
	}
}

// End is how a run ended.
type End struct {
	// Wall is the time from the start of the run to its end.
	Wall time.Duration
	// Interrupted tells that somebody asked the run to stop.
	Interrupted bool
	// Aborted says why the run ended itself before its time, which is a failure; empty
	// when it did not.
	Aborted string
	// Early says in a sentence why the schedule was not carried out to its end although
	// nothing is wrong with that; empty when it was.
	Early string
}
