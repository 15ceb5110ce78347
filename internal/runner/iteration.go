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
	states  []state
	records []*record
	// secrets are the texts that this iteration alone must not show.
	secrets []string
	verdict verdict
	out     result.Iteration

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
	// counted tells that the step's waiting time takes the wait in.
	counted bool
	lot     *lot
	seat    lotSeat
	place   place
}

// state is what the iteration knows about a step, by its index.
type state struct {
	// completed tells that the step was carried out: the target did what was asked,
	// or refused as expected. Assertions do not matter; cleaning up must not depend
	// on them.
	completed bool
	// mark is where the inbox stood before the message was asked for, and sentAt
	// when the sending step was answered. They belong to a wait.
	hasMark bool
	mark    capture.Mark
	sentAt  time.Time
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
	it.out.Start = it.now
	if !it.out.Intended.IsZero() {
		it.out.Lateness = it.out.Start.Sub(it.out.Intended)
	}
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
	out := &it.out
	out.Outputs = it.outputs()
	it.now = time.Now()
	out.Duration = it.now.Sub(out.Start)
	for _, rec := range it.records {
		out.Wait += rec.Wait
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
	it.out.TeardownFailed = true
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
