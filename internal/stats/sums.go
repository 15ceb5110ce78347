package stats

import (
	"time"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/result"
)

// sums is what iterations come to. Its places are those of the [registry], so that two
// of them add up without a look at names. What is open in a shard, a second and the
// whole run have this one form.
type sums struct {
	cells []*cell
	// counts are by series, for those that have outcomes.
	counts             []both
	iterations, warmup Counts
	requests           Requests
	// locked counts the iterations that ended because credentials were refused.
	locked uint64
	// exhausted counts those that ended because this machine had nothing left to open a
	// connection with.
	exhausted  uint64
	drops      [dropReasons]uint64
	endpoints  []*endpointSums
	deliveries []*channelSums
	// codes are the API's, of what is judged and of the warm-up.
	codes, warmupCodes names
	// reasons are those of failures and errors, blames the steps behind them.
	reasons names
	blames  map[blame]uint64
	// inboxes are requests to them that were answered, inboxFaults those that were not.
	inboxes, inboxFaults names
	messages, backoffs   names
}

const (
	dropReasons     = 4
	deliveryResults = 5
	// maxBlames bounds the sorts of failures that metrics tell apart.
	maxBlames = 4096
)

// both has what is judged beside what belongs to the warm-up.
type both struct{ measured, warmup Counts }

func (b *both) of(warmup bool) *Counts {
	if warmup {
		return &b.warmup
	}
	return &b.measured
}

// cell counts the samples of a series, or of a part of one.
type cell struct {
	measured, warmup hist.Histogram
	// classic is of both.
	classic hist.Classic
}

// endpointSums count requests to one route.
type endpointSums struct {
	codes           []codeCount
	retries, errors names
}

type codeCount struct {
	status int
	count  uint64
}

// channelSums count deliveries by the place of their result.
type channelSums struct{ measured, warmup [deliveryResults]uint64 }

// blame is a step that made an iteration fail, or a token that did not stand a check:
// then fault is set.
type blame struct {
	scenario, step string
	reason         result.Reason
	fault          result.TokenFault
}

func (s *sums) blame(b blame, n uint64) {
	if s.blames == nil {
		s.blames = make(map[blame]uint64)
	}
	if _, known := s.blames[b]; !known && len(s.blames) >= maxBlames {
		b = blame{scenario: other, step: other, reason: result.ReasonOther, fault: b.fault}
	}
	s.blames[b] += n
}

func (e *endpointSums) code(status int, n uint64) {
	for i := range e.codes {
		if e.codes[i].status == status {
			e.codes[i].count += n
			return
		}
	}
	e.codes = append(e.codes, codeCount{status, n})
}

// at gives the place i of a row that grows when it is asked to.
func at[T any](row *[]*T, i int) *T {
	for len(*row) <= i {
		*row = append(*row, nil)
	}
	if (*row)[i] == nil {
		(*row)[i] = new(T)
	}
	return (*row)[i]
}

func (s *sums) countsAt(series int) *both {
	for len(s.counts) <= series {
		s.counts = append(s.counts, both{})
	}
	return &s.counts[series]
}

// bound gives a cell without bounds its own.
func (c *cell) bound(bounds []time.Duration) {
	if len(bounds) > 0 {
		c.classic = hist.NewClassic(bounds)
	}
}

// delivered is what became of the messages of all channels, the warm-up left out.
func (s *sums) delivered() (out [deliveryResults]uint64) {
	for _, c := range s.deliveries {
		if c == nil {
			continue
		}
		for i, n := range c.measured {
			out[i] += n
		}
	}
	return out
}
