package stats

import (
	"slices"
	"time"

	"github.com/authbench/authbench/internal/result"
)

// record counts one sample of a cell: its histogram, which is that of the second and
// becomes part of the whole, and its classic counters.
func (s *sums) record(known *registry, place int, warmup bool, d time.Duration) {
	var c *cell
	if place < len(s.cells) {
		c = s.cells[place]
	}
	if c == nil {
		c = at(&s.cells, place)
		c.bound(known.bounds(place))
	}
	if warmup {
		c.warmup.Record(d)
	} else {
		c.measured.Record(d)
	}
	c.classic.Record(d)
}

// count counts an iteration, with the lock of the shard.
func (r *Recorder) count(s *shard, places *scenarioPlaces, it *result.Iteration) {
	s.countsAt(places.iterations).of(it.Warmup).Add(it.Outcome)
	if it.Warmup {
		s.warmup.Add(it.Outcome)
	} else {
		s.iterations.Add(it.Outcome)
	}
	if wrong(it.Outcome) {
		s.reasons.add(string(it.Reason), 1)
		s.blame(blame{scenario: places.name, step: it.Step, reason: it.Reason}, 1)
		if lockedOut(it) {
			s.locked++
		}
		if it.Reason == result.ReasonExhausted {
			s.exhausted++
		}
	}
	if !it.Intended.IsZero() && it.Outcome != result.Dropped {
		s.record(r.registry, latenessCell, it.Warmup, it.Lateness-it.Queued)
	}
	if measured(it) {
		cell := places.success
		if it.Outcome == result.Failure {
			cell = places.failure
		}
		s.record(r.registry, cell, it.Warmup, it.Duration)
		s.record(r.registry, places.response, it.Warmup, it.Lateness+it.Duration)
		s.record(r.registry, places.wait, it.Warmup, it.Wait)
	}
	for i := range it.Steps {
		r.countStep(s, places, &it.Steps[i], it.Warmup)
	}
}

func (r *Recorder) countStep(s *shard, in *scenarioPlaces, step *result.Step, warmup bool) {
	places := r.registry.step(in, step)
	s.countsAt(places.series).of(warmup).Add(step.Outcome)
	if step.Duration > 0 && timed(step) {
		s.record(r.registry, places.duration, warmup, step.Duration)
	}
	if step.Wait > 0 {
		s.record(r.registry, places.wait, warmup, step.Wait)
	}
	r.countLimits(s, step, warmup)
	var endpoint *endpointPlaces
	for i := range step.Exchanges {
		x := &step.Exchanges[i]
		if endpoint == nil || endpoint.name != x.Endpoint {
			endpoint = r.registry.endpoint(x.Endpoint)
		}
		r.countExchange(s, endpoint, x, warmup)
		if i > 0 && x.Attempt > step.Exchanges[i-1].Attempt {
			if why := step.Exchanges[i-1].Cause(); why != result.ReasonNone {
				at(&s.endpoints, endpoint.place).retries.add(string(why), 1)
			}
		}
	}
	if step.Sent != "" {
		s.messages.add(step.Sent, 1)
	}
	if step.Delivery != nil {
		r.countDelivery(s, step.Delivery, warmup)
	}
	if step.TokenFault != "" {
		s.blame(blame{scenario: in.name, fault: step.TokenFault}, 1)
	}
}

// timed reports whether the duration of a step is that of an answer, or of the wait for one
// that was judged too long. How long it took to be refused a connection, to lose it, or
// until we let go, is no latency.
func timed(step *result.Step) bool {
	n := len(step.Exchanges)
	answered := n > 0 && step.Exchanges[n-1].Status != 0
	switch step.Outcome {
	case result.Success:
		return true
	case result.Failure:
		return n == 0 || answered || step.Reason == result.ReasonTimeout
	case result.Error:
		return answered
	}
	return false
}

// measured reports whether the times of an iteration are samples: it was judged, and no
// step made it end before its time for want of an answer. Teardown is no part of them.
func measured(it *result.Iteration) bool {
	return it.Outcome == result.Success || it.Outcome == result.Failure &&
		!slices.ContainsFunc(it.Steps, func(s result.Step) bool {
			return s.Outcome == result.Failure && s.Section != result.Teardown && !timed(&s)
		})
}

// countLimits counts what requests waited for limits of ours.
func (r *Recorder) countLimits(s *shard, step *result.Step, warmup bool) {
	for i, waited := range step.Limited {
		if waited > 0 {
			s.record(r.registry, r.registry.limit(result.Limit(i).String()).cell, warmup, waited)
		}
	}
	if step.Backoffs > 0 {
		s.backoffs.add(string(result.ReasonRateLimited), uint64(step.Backoffs))
	}
}

func (r *Recorder) countExchange(s *shard, places *endpointPlaces, x *result.Exchange, warmup bool) {
	s.requests.count(x)
	e := at(&s.endpoints, places.place)
	status := x.Status
	if status != 0 && (status < 100 || status > 599) {
		status = noStatus
	}
	e.code(status, 1)
	for i, d := range [...]time.Duration{x.Phases.Resolve, x.Phases.Connect, x.Phases.TLS, x.Phases.Processing, x.Phases.Transfer} {
		if d > 0 {
			s.record(r.registry, places.phases[i], warmup, d)
		}
	}
	if x.ErrorCode == "" {
		return
	}
	e.errors.add(x.ErrorCode, 1)
	if warmup {
		s.warmupCodes.add(x.ErrorCode, 1)
	} else {
		s.codes.add(x.ErrorCode, 1)
	}
}

func (r *Recorder) countDelivery(s *shard, d *result.Delivery, warmup bool) {
	places := r.registry.channel(d.Channel)
	// A message may be there before the answer of the request that sent it: that took no
	// time, and is a sample all the same.
	if d.Duration > 0 || d.Result == result.Delivered {
		s.record(r.registry, places.cell, warmup, d.Duration)
	}
	sums := at(&s.deliveries, places.place)
	if warmup {
		sums.warmup[deliveryPlace(d.Result)]++
	} else {
		sums.measured[deliveryPlace(d.Result)]++
	}
	asked := max(d.Requests, 0)
	failed := min(max(d.Failed, 0), asked)
	s.inboxes.add(d.Inbox, uint64(asked-failed))
	s.inboxFaults.add(d.Inbox, uint64(failed))
}

// deliveryKinds are the results of a delivery by their place.
func deliveryKinds() [deliveryResults]result.DeliveryResult {
	return [...]result.DeliveryResult{
		result.Delivered, result.DeliveryLate, result.DeliveryLost, result.DeliveryMalformed, result.DeliveryError,
	}
}

// deliveryPlace gives a result that is none the place of an error.
func deliveryPlace(r result.DeliveryResult) int {
	for i, known := range deliveryKinds() {
		if known == r {
			return i
		}
	}
	return deliveryResults - 1
}
