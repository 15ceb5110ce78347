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
	telling *sync.Cond // on mu, of who can not wait by being parked
	// news is nil until the source has told. Then nobody changes it.
	news *news
}

// news is what a source tells. A wait has no memory for it until then.
type news struct {
	message capture.Message
	err     error
}

// found gives what the source has told, nil before that.
func (w *watch) found() *news {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.news
}

// imminent gives what the source is about to tell.
func (w *watch) imminent() *news {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.news == nil {
		w.telling = sync.NewCond(&w.mu)
	}
	for w.news == nil {
		w.telling.Wait()
	}
	return w.news
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
	v.watching, w.of = true, it
	w.stop = it.env.Inbox.Watch(it.env.Mark, *v.waiting.Match, w.tell)
	return (*iteration).waiting
}

// tell is what a source calls with the message, once.
func (w *watch) tell(m capture.Message, err error) {
	w.mu.Lock()
	w.news = &news{message: m, err: err}
	if w.telling != nil {
		w.telling.Broadcast()
	}
	w.mu.Unlock()
	w.of.wake()
}

// waiting looks whether the wait has ended, and how.
func (it *iteration) waiting() stage {
	v := it.vigil
	if v.watching {
		if n := v.watch.found(); n != nil {
			v.watch.stop()
			return it.met(n)
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
func (it *iteration) met(n *news) stage {
	if n.err != nil {
		return it.reply(steps.WaitEnd{How: steps.WaitFailed, Err: n.err})
	}
	return it.reply(steps.WaitEnd{How: steps.WaitMet, Message: &n.message})
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
