package stats

import (
	"cmp"
	"maps"
	"slices"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/result"
)

// Totals are all numbers of a run since its start, warm-up included: they only grow, as
// counters must that somebody reads while the run goes on. They are the reader's own.
type Totals struct {
	// Histograms are there from the start where a profile declares what they are of.
	Histograms []TotalHistogram
	// Iterations are by scenario, in the order of the plan.
	Iterations []ScenarioCounts
	// Faults are the steps that made iterations fail, TokenFaults tokens that did not
	// stand a check.
	Faults      []Fault
	TokenFaults []TokenFaultCount
	Endpoints   []Endpoint
	Deliveries  []DeliverySummary
	// Inboxes are requests to inboxes that were answered, InboxFaults those that were
	// not, by inbox.
	Inboxes, InboxFaults []Tally
	// Messages are by channel, Drops by [DropReason] with all reasons, Backoffs by
	// [result.Reason].
	Messages, Drops, Backoffs []Tally
	// Pulse is the last one.
	Pulse Pulse
}

// TotalHistogram is a series, or for iterations the part of it with one outcome.
type TotalHistogram struct {
	SeriesKey
	Outcome   result.Outcome
	Histogram *hist.Histogram
	// Classic counts at [Bounds].
	Classic hist.Classic
}

// ScenarioCounts are the outcomes of a scenario.
type ScenarioCounts struct {
	Scenario string
	Counts   Counts
}

// Fault is how often a step made iterations of a scenario fail for a reason. Step is
// empty when they failed outside of one.
type Fault struct {
	Scenario, Step string
	Reason         result.Reason
	Count          uint64
}

// TokenFaultCount is how often a token did not stand a check.
type TokenFaultCount struct {
	Scenario string
	Fault    result.TokenFault
	Count    uint64
}

// Totals gives the numbers so far.
func (r *Recorder) Totals() *Totals {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := new(sums)
	all.merge(&r.total)
	all.merge(r.peek())
	series, cells, endpoints, channels := r.registry.places()
	t := &Totals{
		Endpoints: plainEndpoints(all, endpoints), Deliveries: deliverySummaries(all, channels, true),
		Inboxes: all.inboxes.list(), InboxFaults: all.inboxFaults.list(),
		Messages: all.messages.list(), Backoffs: all.backoffs.list(), Pulse: r.pulse,
	}
	for i, reason := range DropReasons() {
		t.Drops = append(t.Drops, Tally{string(reason), all.drops[i]})
	}
	for i, key := range series {
		if key.Measure == MeasureIteration {
			t.Iterations = append(t.Iterations, ScenarioCounts{Scenario: key.Scenario})
			if i < len(all.counts) {
				counts := &t.Iterations[len(t.Iterations)-1].Counts
				counts.merge(all.counts[i].measured)
				counts.merge(all.counts[i].warmup)
			}
		}
	}
	for i, spec := range cells {
		if spec.bounds == nil {
			continue
		}
		c := at(&all.cells, i)
		if c.classic.Bounds() == nil {
			c.bound(spec.bounds)
		}
		t.Histograms = append(t.Histograms, TotalHistogram{series[spec.series], spec.outcome, c.all(), c.classic})
	}
	t.blame(all.blames)
	return t
}

func (t *Totals) blame(blames map[blame]uint64) {
	order := func(a, b blame) int {
		return cmp.Or(cmp.Compare(a.scenario, b.scenario), cmp.Compare(a.step, b.step), cmp.Compare(a.reason, b.reason), cmp.Compare(a.fault, b.fault))
	}
	for _, b := range slices.SortedFunc(maps.Keys(blames), order) {
		if b.fault != "" {
			t.TokenFaults = append(t.TokenFaults, TokenFaultCount{b.scenario, b.fault, blames[b]})
			continue
		}
		t.Faults = append(t.Faults, Fault{b.scenario, b.step, b.reason, blames[b]})
	}
}
