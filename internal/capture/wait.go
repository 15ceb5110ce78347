package capture

import (
	"context"
	"errors"
	"sync"
)

// Wait watches a source and blocks until there is a message or ctx ends; then the
// error is a *Missed. Every other error says that the source could not be asked.
func Wait(ctx context.Context, s Source, mark Mark, match Match) (Message, error) {
	if err := ctx.Err(); err != nil {
		return Message{}, &Missed{Err: err}
	}
	type answer struct {
		message Message
		err     error
	}
	found := make(chan answer, 1)
	stop := s.Watch(mark, match, func(m Message, err error) { found <- answer{m, err} })
	select {
	case a := <-found:
		stop()
		return a.message, a.err
	case <-ctx.Done():
	}
	if seen, ended := stop(); ended {
		return Message{}, &Missed{Seen: seen, Err: ctx.Err()}
	}
	a := <-found
	return a.message, a.err
}

// Blocking makes a watch of a function that blocks until there is a message or its
// context ends, for sources that can not do better: each watch holds a goroutine. An
// error of wait that is a *Missed tells what was seen.
func Blocking(wait func(ctx context.Context) (Message, error), found func(Message, error)) (stop func() (Seen, bool)) {
	ctx, cancel := context.WithCancel(context.Background())
	var (
		mu      sync.Mutex
		stopped bool
		told    bool // found is about to be called
		seen    Seen
	)
	settled := make(chan struct{})
	go func() {
		m, err := wait(ctx)
		missed, none := errors.AsType[*Missed](err)
		mu.Lock()
		if none && stopped {
			seen = missed.Seen
		} else {
			told = true
		}
		mu.Unlock()
		close(settled)
		if told {
			found(m, err)
		}
	}()
	return func() (Seen, bool) {
		mu.Lock()
		stopped = true
		mu.Unlock()
		cancel()
		<-settled
		return seen, !told
	}
}
