package runner

import (
	"sync"
	"time"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/steps"
)

// vigil is an attempt that waits, for a message or for a time to pass.
type vigil struct {
	waiting steps.Waiting
	start   time.Time
	// end is when there is no more time, zero for never. due tells that it ends the
	// wait well.
	end time.Time
	due bool
	// watching tells that watch is in use.
	watching bool
	watch    watch
}

// watch is where a message source leaves what it found. It outlives the iteration's
// interest in it.
type watch struct {
	stop func() (capture.Seen, bool)
	of   *iteration

	mu      sync.Mutex
	telling sync.Cond // on mu
	told    bool
	message capture.Message
	err     error
}

// found gives what the source has told. Nobody changes it after that.
func (w *watch) found() (m *capture.Message, err error, told bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return &w.message, w.err, w.told
}

// imminent gives what the source is about to tell.
func (w *watch) imminent() (*capture.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for !w.told {
		w.telling.Wait()
	}
	return &w.message, w.err
}

// await begins an attempt of a kind that only waits.
func (it *iteration) await() stage {
	s := it.rec.source
	v := &vigil{waiting: s.Kind.Await(&it.env, it.rec.call.args), start: it.now, end: it.span.deadline}
	it.vigil = v
	if s.Timeout > 0 && (v.end.IsZero() || it.now.Add(s.Timeout).Before(v.end)) {
		v.end = it.now.Add(s.Timeout)
	}
	if v.waiting.Match == nil {
		if at := it.now.Add(max(v.waiting.For, 0)); v.end.IsZero() || !v.end.Before(at) {
			v.end, v.due = at, true
		}
		return (*iteration).waiting
	}
	w := &v.watch
	v.watching, w.of, w.telling.L = true, it, &w.mu
	w.stop = it.env.Inbox.Watch(it.env.Mark, *v.waiting.Match, w.tell)
	return (*iteration).waiting
}

// tell is what a source calls with the message, once.
func (w *watch) tell(m capture.Message, err error) {
	w.mu.Lock()
	w.told, w.message, w.err = true, m, err
	w.mu.Unlock()
	w.telling.Broadcast()
	w.of.wake()
}

// waiting looks whether the wait has ended, and how.
func (it *iteration) waiting() stage {
	v := it.vigil
	if v.watching {
		if m, err, told := v.watch.found(); told {
			v.watch.stop()
			return it.met(m, err)
		}
	}
	over := !v.end.IsZero() && !it.now.Before(v.end)
	switch {
	case it.ended() != nil && it.interrupted():
		return it.unmet(steps.WaitCanceled)
	case over && v.due && it.ended() == nil:
		return it.reply(steps.WaitEnd{How: steps.WaitMet})
	case over || it.ended() != nil:
		return it.unmet(steps.WaitTimeout)
	}
	it.wait(v.end, (*iteration).waiting)
	it.counted = false // the reply tells how long it was
	return nil
}

// met ends a wait with what the source has to say.
func (it *iteration) met(m *capture.Message, err error) stage {
	if err != nil {
		return it.reply(steps.WaitEnd{How: steps.WaitFailed, Err: err})
	}
	return it.reply(steps.WaitEnd{How: steps.WaitMet, Message: m})
}

// unmet ends a wait for a message that did not come in time. One that comes at the
// very end is taken: nobody else gets it any more.
func (it *iteration) unmet(how steps.WaitHow) stage {
	end := steps.WaitEnd{How: how}
	if v := it.vigil; v.watching {
		w := &v.watch
		seen, ended := w.stop()
		if !ended {
			return it.met(w.imminent())
		}
		end.Seen = seen
	}
	return it.reply(end)
}

// reply lets the kind say what the wait came to.
func (it *iteration) reply(end steps.WaitEnd) stage {
	v := it.vigil
	it.vigil = nil
	end.Start, end.Waited = v.start, it.now.Sub(v.start)
	it.take(v.waiting.Reply(end))
	return (*iteration).received
}
