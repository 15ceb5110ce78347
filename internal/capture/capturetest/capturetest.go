// Package capturetest is the suite that every message source must pass.
package capturetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/capture"
)

// Rig is one source with something that fills its inbox. Each call of the function
// that makes one gives an inbox of its own, closed when the test ends.
type Rig struct {
	Source capture.Source
	// Deliver puts a message with this text into the inbox and returns when it is
	// there. The text of the message that arrives must contain it.
	Deliver func(t *testing.T, recipient, text string)
	// Recipients are two that the source can tell apart.
	Recipients [2]string
	// Link is how the one link in each message begins, empty if there is none.
	Link string
}

// Run puts sources that rig makes to the test.
func Run(t *testing.T, rig func(t *testing.T) Rig) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Rig){
		"a message before the mark is not given":      beforeMark,
		"a message between mark and wait is given":    betweenMarkAndWait,
		"a message during the wait is given":          duringWait,
		"the oldest is given first":                   oldestFirst,
		"only the recipient's are given":              recipient,
		"only what contains the text is given":        contains,
		"no message is given twice":                   once,
		"a cancelled wait ends":                       canceled,
		"a deadline ends a wait":                      deadline,
		"an ended context gives nothing":              ended,
		"a mark can be waited on again":               again,
		"waits are woken each by its own":             woken,
		"what is not waited for stays for the next":   stays,
		"nobody is told within the call of Watch":     outside,
		"a message tells what it is and when it came": described,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, rig(t))
		})
	}
}

// patience is how long a message that is there may take, not a measure.
const patience = time.Minute

// shortly is how long we wait for a message that must not come.
const shortly = 60 * time.Millisecond

func (r Rig) mark(t *testing.T, recipient string) capture.Mark {
	t.Helper()
	m, err := r.Source.Mark(t.Context(), capture.Send{Recipient: recipient})
	if err != nil {
		t.Fatalf("mark: %v", err)
	}
	return m
}

func (r Rig) wait(t *testing.T, mark capture.Mark, match capture.Match) (capture.Message, error) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return capture.Wait(ctx, r.Source, mark, match)
}

func (r Rig) wantText(t *testing.T, mark capture.Mark, match capture.Match, text string) {
	t.Helper()
	m, err := r.wait(t, mark, match)
	if err != nil {
		t.Errorf("wait: %v, want a message with %q", err, text)
	} else if !strings.Contains(m.Body, text) {
		t.Errorf("message %q, want one with %q", m.Body, text)
	}
}

func (r Rig) wantNone(t *testing.T, mark capture.Mark, match capture.Match) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), shortly)
	defer cancel()
	m, err := capture.Wait(ctx, r.Source, mark, match)
	wantMissed(t, err, context.DeadlineExceeded)
	if err == nil {
		t.Errorf("got %q, want no message", m.Body)
	}
}

func wantMissed(t *testing.T, err, cause error) {
	t.Helper()
	var missed *capture.Missed
	if !errors.As(err, &missed) || !errors.Is(err, cause) {
		t.Errorf("wait: error %v, want a *capture.Missed that wraps %v", err, cause)
	}
}

func beforeMark(t *testing.T, r Rig) {
	to := r.Recipients[0]
	r.Deliver(t, to, "early")
	mark := r.mark(t, to)
	r.wantNone(t, mark, capture.Match{Recipient: to})
	r.Deliver(t, to, "late")
	r.wantText(t, mark, capture.Match{Recipient: to}, "late")
}

func betweenMarkAndWait(t *testing.T, r Rig) {
	to := r.Recipients[0]
	mark := r.mark(t, to)
	r.Deliver(t, to, "here")
	r.wantText(t, mark, capture.Match{Recipient: to}, "here")
}

func duringWait(t *testing.T, r Rig) {
	to := r.Recipients[0]
	mark := r.mark(t, to)
	var wg sync.WaitGroup
	wg.Go(func() { r.wantText(t, mark, capture.Match{Recipient: to}, "here") })
	r.Deliver(t, to, "here")
	wg.Wait()
}

func oldestFirst(t *testing.T, r Rig) {
	to := r.Recipients[0]
	mark := r.mark(t, to)
	for _, text := range []string{"first", "second", "third"} {
		r.Deliver(t, to, text)
	}
	for _, text := range []string{"first", "second", "third"} {
		r.wantText(t, mark, capture.Match{Recipient: to}, text)
	}
}

func recipient(t *testing.T, r Rig) {
	a, b := r.Recipients[0], r.Recipients[1]
	mark := r.mark(t, b)
	r.Deliver(t, a, "for a")
	r.wantNone(t, mark, capture.Match{Recipient: b})
	r.Deliver(t, b, "for b")
	r.wantText(t, mark, capture.Match{Recipient: b}, "for b")
}

func contains(t *testing.T, r Rig) {
	to := r.Recipients[0]
	mark := r.mark(t, "") // not known yet
	r.Deliver(t, to, "apples")
	r.Deliver(t, to, "pears")
	r.wantText(t, mark, capture.Match{Recipient: to, Contains: "pears"}, "pears")
	ctx, cancel := context.WithTimeout(t.Context(), shortly)
	defer cancel()
	_, err := capture.Wait(ctx, r.Source, mark, capture.Match{Recipient: to, Contains: "plums"})
	var missed *capture.Missed
	if !errors.As(err, &missed) || missed.Passed != 1 || missed.Requests == 0 {
		t.Errorf("wait: %#v, want a *capture.Missed that passed 1 message by", err)
	}
	r.wantNone(t, mark, capture.Match{Recipient: to, Subject: "plums"})
	r.wantText(t, mark, capture.Match{Recipient: to}, "apples")
}

func once(t *testing.T, r Rig) {
	const messages, waits = 8, 24
	to := r.Recipients[0]
	mark := r.mark(t, to)
	var mu sync.Mutex
	got := map[string]int{}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var wg sync.WaitGroup
	for range waits {
		wg.Go(func() {
			m, err := capture.Wait(ctx, r.Source, mark, capture.Match{Recipient: to})
			if err != nil {
				wantMissed(t, err, context.Canceled)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			got[m.ID]++
			if len(got) == messages {
				cancel() // the other waits have nothing to wait for
			}
		})
	}
	for i := range messages {
		r.Deliver(t, to, fmt.Sprintf("text %d", i))
	}
	wg.Wait()
	for id, n := range got {
		if n != 1 {
			t.Errorf("message %s was given %d times", id, n)
		}
	}
	if len(got) != messages {
		t.Errorf("%d messages were given, want %d", len(got), messages)
	}
}

func canceled(t *testing.T, r Rig) {
	mark := r.mark(t, r.Recipients[0])
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := capture.Wait(ctx, r.Source, mark, capture.Match{Recipient: r.Recipients[0]})
		wantMissed(t, err, context.Canceled)
	})
	cancel()
	wg.Wait()
}

func deadline(t *testing.T, r Rig) {
	r.wantNone(t, r.mark(t, r.Recipients[0]), capture.Match{Recipient: r.Recipients[0]})
}

func ended(t *testing.T, r Rig) {
	to := r.Recipients[0]
	mark := r.mark(t, to)
	r.Deliver(t, to, "here")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Source.Mark(ctx, capture.Send{Recipient: to}); !errors.Is(err, context.Canceled) {
		t.Errorf("mark: %v, want one that wraps %v", err, context.Canceled)
	}
	_, err := capture.Wait(ctx, r.Source, mark, capture.Match{Recipient: to})
	wantMissed(t, err, context.Canceled)
	r.wantText(t, mark, capture.Match{Recipient: to}, "here")
}

func again(t *testing.T, r Rig) {
	to := r.Recipients[0]
	first := r.mark(t, to)
	r.Deliver(t, to, "one")
	second := r.mark(t, to)
	r.wantNone(t, second, capture.Match{Recipient: to})
	r.Deliver(t, to, "two")
	r.wantText(t, second, capture.Match{Recipient: to}, "two")
	r.wantText(t, first, capture.Match{Recipient: to}, "one")
	r.wantNone(t, first, capture.Match{Recipient: to})
}

func woken(t *testing.T, r Rig) {
	var wg sync.WaitGroup
	for i, to := range r.Recipients {
		mark := r.mark(t, to)
		wg.Go(func() { r.wantText(t, mark, capture.Match{Recipient: to}, fmt.Sprintf("text %d", i)) })
	}
	for i, to := range r.Recipients {
		r.Deliver(t, to, fmt.Sprintf("text %d", i))
	}
	wg.Wait()
}

func stays(t *testing.T, r Rig) {
	to := r.Recipients[0]
	mark := r.mark(t, to)
	r.wantNone(t, mark, capture.Match{Recipient: to})
	r.Deliver(t, to, "here")
	r.wantText(t, mark, capture.Match{Recipient: to}, "here")
}

func outside(t *testing.T, r Rig) {
	to := r.Recipients[0]
	mark := r.mark(t, to)
	r.Deliver(t, to, "here")
	var mu sync.Mutex
	done := make(chan struct{})
	mu.Lock() // whoever is told in here waits for himself
	stop := r.Source.Watch(mark, capture.Match{Recipient: to}, func(capture.Message, error) {
		mu.Lock()
		defer mu.Unlock()
		close(done)
	})
	mu.Unlock()
	select {
	case <-done:
	case <-time.After(patience):
		t.Error("nobody was told")
	}
	if _, ended := stop(); ended {
		t.Error("a watch that was told can not be ended")
	}
}

func described(t *testing.T, r Rig) {
	to := r.Recipients[0]
	mark := r.mark(t, to)
	r.Deliver(t, to, "here")
	got, err := r.wait(t, mark, capture.Match{Recipient: to})
	if err != nil {
		t.Fatal(err)
	}
	if got.ID == "" || got.Channel == "" || got.ReceivedAt.IsZero() || got.Requests < 1 || got.Recipient != to {
		t.Errorf("message %+v lacks something", got)
	}
	if r.Link == "" {
		if len(got.Links) > 0 {
			t.Errorf("links %q, want none", got.Links)
		}
	} else if len(got.Links) != 1 || !strings.HasPrefix(got.Links[0], r.Link) || !strings.Contains(got.Body, got.Links[0]) {
		t.Errorf("links %q, want one that begins with %s and stands in the body", got.Links, r.Link)
	}
}
