package emulator

import (
	"context"
	"time"
)

// waiter wakes everybody who waits for one recipient.
type waiter struct {
	woken chan struct{}
	count int
}

// within lists messages, and if there is none waits for as long as limit says. Most
// calls need no timer.
func (b *inbox) within(ctx context.Context, limit time.Duration, recipient string, after uint64, readToo bool) ([]*message, uint64, error) {
	b.settle()
	b.mu.Lock()
	found, cursor, err := b.list(recipient, after, readToo)
	b.mu.Unlock()
	if err != nil || len(found) > 0 || limit <= 0 {
		return found, cursor, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return b.wait(ctx, recipient, after, readToo)
}

// wait lists messages, and if there is none waits until there is, ctx is done
// or the project is gone.
func (b *inbox) wait(ctx context.Context, recipient string, after uint64, readToo bool) ([]*message, uint64, error) {
	for {
		b.mu.Lock()
		found, cursor, err := b.list(recipient, after, readToo)
		if err != nil || len(found) > 0 || ctx.Err() != nil {
			b.mu.Unlock()
			return found, cursor, err
		}
		w := b.waiters[recipient]
		if w == nil {
			w = &waiter{woken: make(chan struct{})}
			b.waiters[recipient] = w
		}
		w.count++
		b.mu.Unlock()

		select {
		case <-w.woken:
		case <-ctx.Done():
			b.leave(recipient, w)
		}
	}
}

// leave takes one out of those who wait, so that nothing is left of a wait
// that ended in vain.
func (b *inbox) leave(recipient string, w *waiter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if w.count--; w.count == 0 && b.waiters[recipient] == w {
		delete(b.waiters, recipient)
	}
}

func (b *inbox) wake(recipient string) {
	if w, ok := b.waiters[recipient]; ok {
		close(w.woken)
		delete(b.waiters, recipient)
	}
}
