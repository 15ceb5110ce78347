package runner

import (
	"time"

	"github.com/authbench/authbench/internal/result"
)

// walk is how far an iteration is in a section.
type walk struct {
	section result.Section
	left    []*step
	worst   verdict
}

// enter begins a section. One without steps is a success.
func (it *iteration) enter(section result.Section, steps []*step) stage {
	it.walk = walk{section: section, left: steps}
	if len(steps) == 0 {
		it.walk.worst.outcome = result.Success
	}
	return (*iteration).proceed
}

// proceed takes up the next step of the section, or leaves it.
func (it *iteration) proceed() stage {
	w := &it.walk
	if len(w.left) == 0 {
		return (*iteration).leave
	}
	s := w.left[0]
	w.left = w.left[1:]
	it.now = time.Now()
	if w.section == result.Teardown {
		return it.clean(s)
	}
	if it.interrupted() {
		w.worst.worsen(verdict{result.Aborted, result.ReasonCanceled, s.Name, "interrupted before step " + s.label()})
		return (*iteration).leave
	}
	return it.start(s)
}

// stepped takes in what a step came to. A section of which every step was skipped is
// skipped, and so is one that a rate limit ended which the file only observes: the
// rest of it was never judged.
func (it *iteration) stepped() stage {
	rec, w := it.rec, &it.walk
	it.closeStep()
	switch {
	case w.section == result.Teardown:
		w.worst.worsen(rec.verdict())
		return (*iteration).proceed
	case rec.Outcome == result.Skipped && rec.Reason == result.ReasonRateLimited:
		if w.worst.outcome <= result.Success {
			w.worst = rec.verdict()
		}
		return (*iteration).leave
	}
	w.worst.worsen(rec.verdict())
	if rec.Outcome > result.Success && (!rec.source.ContinueOnFailure || rec.Outcome == result.Aborted) {
		return (*iteration).leave
	}
	return (*iteration).proceed
}

// leave goes on with the next section. A setup that did not succeed ends the scenario
// before there was anything to judge.
func (it *iteration) leave() stage {
	worst := it.walk.worst
	switch it.walk.section {
	case result.Teardown:
		return (*iteration).cleaned
	case result.Setup:
		if worst.outcome <= result.Success && worst.reason != result.ReasonRateLimited {
			return it.enter(result.Body, it.program.body)
		}
		if worst.outcome > result.Success && worst.outcome < result.Aborted {
			worst.outcome, worst.reason = result.Error, result.ReasonSetup
		}
	}
	it.verdict = worst
	return (*iteration).conclude
}

// clean runs a teardown step if everything that it refers to was completed.
func (it *iteration) clean(s *step) stage {
	if it.run.opts.Keep {
		return it.skip(s, "left in place as asked")
	}
	for _, need := range s.needs {
		if !it.completed[need.index] {
			return it.skip(s, "step "+need.label()+" did not complete")
		}
	}
	if it.interrupted() {
		it.openStep(s)
		it.rec.Outcome, it.rec.Reason, it.rec.Message = result.Aborted, result.ReasonCanceled, "interrupted before it started"
		return (*iteration).stepped
	}
	return it.start(s)
}

func (it *iteration) skip(s *step, why string) stage {
	it.openStep(s)
	it.rec.Outcome, it.rec.Message = result.Skipped, why
	return (*iteration).stepped
}
