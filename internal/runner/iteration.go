package runner

import (
	"sync/atomic"
	"time"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// iteration is one execution of a scenario instance: a machine whose stages are
// methods. One goroutine at a time works at it, and none while it waits; see park.go.
//
// The main path: begin, enter, proceed, start, admit, pay, send, answered, attempted,
// settle, stepped, leave, conclude, cleanUp, finish.
type iteration struct {
	run     *run
	program *program
	arrival arrival
	done    func(*result.Iteration)
	scope   *eval.Scope
	// completed tells of each step, by its index, whether it was carried out: the target
	// did what was asked, or refused as expected. Assertions do not matter; cleaning up
	// must not depend on them.
	completed []bool
	// sends are what it knows of the messages that steps wait for.
	sends   []sent
	records []*record
	// secrets are the texts that this iteration alone must not show.
	secrets []string
	verdict verdict
	measure measure
	outputs []result.Output
	// untidy tells that a teardown step failed.
	untidy bool

	// soft holds it while the scenario runs, hard while it cleans up.
	soft, hard *lot
	// span is the context of the scenario or of its teardown, try that of an attempt.
	span, try *span

	walk    walk
	rec     *record // of the step at hand, nil between steps
	attempt attempt
	vigil   *vigil // of a kind that only waits
	env     steps.Env
	// held tells that the wait before teardown is over.
	held *atomic.Bool

	// What park.go needs.
	now   time.Time // when the clock was last looked at
	next  stage
	phase atomic.Uint32
	timer *time.Timer
	alarm time.Time // when the timer rings, zero for never
	since time.Time // when the wait began, zero without one
	// limit is what it waits for, if it is limited.
	limit   result.Limit
	limited bool
	// counted tells that the step's waiting time takes the wait in.
	counted bool
	lot     *lot
	seat    lotSeat
	place   place
}

// sent is about a message that a step waits for.
type sent struct {
	// mark is where the inbox stood before the message was asked for, and at when the
	// sending step was answered.
	marked bool
	mark   capture.Mark
	at     time.Time
}

// measure is what is known of the iteration's time.
type measure struct {
	start          time.Time
	duration, wait time.Duration
}

// verdict is the worst that happened, and the first step that made it so.
type verdict struct {
	outcome result.Outcome
	reason  result.Reason
	step    string
	message string
}

func (v *verdict) worsen(with verdict) {
	if with.outcome > v.outcome {
		*v = with
	}
}

// advance works through stages until one has to wait or is the last. It reports true
// when a step panicked: there is more to do then.
func (it *iteration) advance() (more bool) {
	defer func() {
		if it.rec == nil {
			return // a mistake of ours, of which no step is to blame
		}
		if p := recover(); p != nil {
			it.panicked(p)
			more = true
		}
	}()
	next := it.next
	it.next = nil
	for next != nil {
		next = next(it)
	}
	return false
}

// begin runs setup and body within the scenario's timeout.
func (it *iteration) begin() stage {
	it.now = time.Now()
	it.measure.start = it.now
	p := it.program
	if len(p.setup)+len(p.body) == 0 {
		it.verdict = verdict{outcome: result.Skipped, message: "there is no step to run: every for_each is empty"}
		return (*iteration).conclude
	}
	it.span.begin(it.soft.ctx, it.now, p.Timeout, p.budget)
	return it.enter(result.Setup, p.setup)
}

// conclude is when the scenario has run. What follows is not part of its time, and
// only the second interrupt stops it.
func (it *iteration) conclude() stage {
	it.outputs = it.evaluateOutputs()
	it.now = time.Now()
	it.measure.duration = it.now.Sub(it.measure.start)
	for _, rec := range it.records {
		it.measure.wait += rec.Wait
	}
	it.lot = it.hard
	if it.arrival.hold == nil {
		return (*iteration).cleanUp
	}
	it.renew(&it.span)
	it.span.begin(it.hard.ctx, it.now, 0, nil)
	resumed := new(atomic.Bool)
	it.held = resumed
	it.arrival.hold(it.scope, it.verdict.outcome <= result.Success, func() {
		resumed.Store(true)
		it.wake()
	})
	return (*iteration).holding
}

// holding waits until teardown is wanted.
func (it *iteration) holding() stage {
	if it.held.Load() || it.ended() != nil {
		return (*iteration).cleanUp
	}
	return it.wait(time.Time{}, (*iteration).holding)
}

// cleanUp runs teardown within a budget of its own.
func (it *iteration) cleanUp() stage {
	if len(it.program.teardown) == 0 {
		return nil
	}
	it.renew(&it.span)
	it.now = time.Now()
	it.span.begin(it.hard.ctx, it.now, it.run.opts.TeardownTimeout, it.run.teardown)
	return it.enter(result.Teardown, it.program.teardown)
}

// cleaned takes in what the teardown came to.
func (it *iteration) cleaned() stage {
	worst := it.walk.worst
	if worst.outcome <= result.Success {
		return nil
	}
	it.untidy = true
	if it.verdict.outcome <= result.Success {
		if worst.outcome != result.Aborted {
			worst.outcome, worst.reason = result.Error, result.ReasonCleanup
		}
		it.verdict = worst
	}
	return nil
}

// renew ends a span and makes it one that may begin.
func (it *iteration) renew(s **span) {
	if !(*s).end() {
		*s = new(span)
	}
}
