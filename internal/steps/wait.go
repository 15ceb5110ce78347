package steps

import (
	"context"
	"errors"
	"time"

	"github.com/authbench/authbench/internal/capture"
)

// Waiting is an attempt that only waits. Whoever carries it out needs no goroutine
// for it: a timer and a watch do.
type Waiting struct {
	// Match is the message of env.Inbox, newer than env.Mark, that is waited for. Nil
	// waits for none.
	Match *capture.Match
	// For ends a wait without Match; 0 or less ends it at once. A wait for a message
	// has no end of its own but that of the step.
	For time.Duration
	// Reply says what the wait came to. It is called once, with how it ended.
	Reply func(WaitEnd) Reply
}

// WaitEnd is how a wait ended.
type WaitEnd struct {
	How WaitHow
	// Start is when it began, Waited how long it took.
	Start  time.Time
	Waited time.Duration
	// Message is the one that was waited for, nil if it did not come.
	Message *capture.Message
	// Seen is what the watch saw when none came.
	Seen capture.Seen
	// Err says why the source could not be asked.
	Err error
}

// WaitHow is the way in which a wait ended.
type WaitHow uint8

// The ways.
const (
	// WaitMet is what was waited for: the message, or that the time passed.
	WaitMet WaitHow = iota
	// WaitTimeout is a time of the step or of the scenario that is up.
	WaitTimeout
	// WaitCanceled is an interrupt.
	WaitCanceled
	// WaitFailed is a source that could not be asked.
	WaitFailed
)

// Attempt makes one attempt, of a kind that runs as well as of one that waits. It
// blocks until then.
func (k *Kind) Attempt(ctx context.Context, env *Env, args Args) Reply {
	if k.Await == nil {
		return k.Run(ctx, env, args)
	}
	return block(ctx, env, k.Await(env, args))
}

func block(ctx context.Context, env *Env, w Waiting) Reply {
	end := WaitEnd{Start: time.Now()}
	if w.Match != nil {
		m, err := capture.Wait(ctx, env.Inbox, env.Mark, *w.Match)
		missed, none := errors.AsType[*capture.Missed](err)
		switch {
		case err == nil:
			end.Message = &m
		case none:
			end.How, end.Seen = unmet(err), missed.Seen
		default:
			end.How, end.Err = WaitFailed, err
		}
	} else if err := sleep(ctx, w.For); err != nil {
		end.How = unmet(err)
	}
	end.Waited = time.Since(end.Start)
	return w.Reply(end)
}

func unmet(err error) WaitHow {
	if errors.Is(err, context.DeadlineExceeded) {
		return WaitTimeout
	}
	return WaitCanceled
}

func sleep(ctx context.Context, d time.Duration) error {
	// A context that is over beats a timer that is due.
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
