package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
)

// mark notes where the inboxes stand that this step's message is awaited in. A
// message that could not be told from an older one is not worth sending, so a mark
// that fails stops the step.
//
// No mark is asked for where the answer is known to tell. Then a step whose answer is
// lost leaves none behind, so it must be one after which nothing waits.
func (it *iteration) mark(s *step, rec *record) error {
	if s.tells() {
		return nil
	}
	defer func() {
		start := it.now
		it.now = time.Now()
		rec.Wait += it.now.Sub(start)
	}()
	ctx := it.timed(s.Timeout)
	defer it.renew(&it.try)
	for _, w := range s.waits {
		st := &it.sends[w.message]
		// A wait for any of several sends takes messages from the first of them on.
		if st.marked {
			continue
		}
		m, err := w.source.Mark(ctx, capture.Send{Recipient: it.recipient(w), Channel: rec.call.channel})
		if err != nil {
			if errors.Is(err, context.DeadlineExceeded) {
				err = fmt.Errorf("no answer within %s", s.Timeout)
			}
			return fmt.Errorf("inbox %s could not be marked: %w", w.Inbox.Name, err)
		}
		st.mark, st.marked = m, true
	}
	return nil
}

// tells reports whether the answers to the step have told where each inbox stood. A step
// that may fail and be followed by its wait asks for marks all the same.
func (s *step) tells() bool {
	if s.Expect != nil || s.Retry != nil || s.ContinueOnFailure {
		return false
	}
	for i := range s.told {
		if s.told[i].Load() != tells {
			return false
		}
	}
	return true
}

// What answers to a step are known to say of where an inbox stood.
const (
	untold int32 = iota
	tells
	silent // one succeeded and said nothing: none is relied on any more
)

// readReceipts takes marks from an answer, and learns whether answers have them. One that
// did not come, or refused, teaches nothing.
func (it *iteration) readReceipts(s *step) {
	for i, w := range s.waits {
		source, ok := w.source.(capture.Receipts)
		if !ok {
			continue
		}
		m, ok := source.MarkIn(it.rec.reply.Header.Get)
		switch told := &s.told[i]; {
		case ok && told.Load() == untold:
			told.CompareAndSwap(untold, tells)
		case !ok && it.rec.reply.OK:
			told.Store(silent)
		}
		if st := &it.sends[w.message]; ok && !st.marked {
			st.mark, st.marked = m, true
		}
	}
}

// recipient evaluates whom a wait asks for, if that is known before its turn.
// Otherwise nothing is evaluated: a local that fails now would stay failed.
func (it *iteration) recipient(w *step) string {
	if w.recipient == nil {
		return ""
	}
	for _, name := range w.recipientSteps {
		if !it.scope.HasStep(name) {
			return ""
		}
	}
	for i := range w.args {
		a := &w.args[i]
		if a.spec.Name != recipientArg {
			continue
		}
		each := w.Each
		if each == cty.NilVal {
			each = it.program.Each
		}
		defer it.scope.SetEach(it.scope.SetEach(each))
		v, diags := a.evaluate(it.scope)
		if diags.HasErrors() {
			return ""
		}
		it.secrets = v.texts(a.spec, it.secrets)
		text, _ := v.plain.AsText()
		return text
	}
	return ""
}
