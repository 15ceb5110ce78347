package clock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/clock"
)

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

func TestMoves(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	base := start
	c := clock.New(func() time.Time { return base })
	move := func(m clock.Move) {
		t.Helper()
		if _, err := c.Move(m); err != nil {
			t.Fatal(err)
		}
	}
	tells := func(want int) {
		t.Helper()
		if got := c.Now().Sub(start); got != minutes(want) {
			t.Errorf("the clock tells %s after the start, want %s", got, minutes(want))
		}
		if got := c.At(base).Sub(start); got != minutes(want) {
			t.Errorf("at its base the clock tells %s after the start, want %s", got, minutes(want))
		}
	}
	skew, noSkew := -minutes(2), time.Duration(0)

	tells(0)
	base = start.Add(minutes(1))
	tells(1)
	move(clock.Move{Advance: minutes(10)})
	tells(11)
	base = start.Add(minutes(2))
	tells(12)
	move(clock.Move{Skew: &skew})
	tells(10)
	move(clock.Move{Freeze: true})
	base = start.Add(minutes(30))
	tells(10)
	move(clock.Move{Skew: &noSkew, Advance: minutes(3)})
	tells(15)
	if got, want := c.State(), (clock.State{Now: start.Add(minutes(15)), Frozen: true, Ahead: -minutes(15)}); !cmp.Equal(got, want) {
		t.Errorf("state %+v, want %+v", got, want)
	}
	move(clock.Move{Resume: true})
	base = start.Add(minutes(31))
	tells(16)
	back := start.Add(minutes(5))
	move(clock.Move{Set: &back, Skew: &skew}) // the skew comes after
	tells(3)
	move(clock.Move{Set: &back}) // the skew is part of what the clock tells
	tells(5)
	move(clock.Move{Freeze: true, Set: &start})
	tells(0)
}

func TestRefusedMoveChangesNothing(t *testing.T) {
	t.Parallel()
	c := clock.New(func() time.Time { return time.Unix(0, 0) })
	before := c.State()
	skew, far := -time.Second, time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, m := range []clock.Move{
		{Freeze: true, Resume: true}, {Advance: -1}, {Skew: &skew}, {Freeze: true, Set: &far}, {Advance: 1<<63 - 1},
	} {
		if _, err := c.Move(m); err == nil {
			t.Errorf("%+v was carried out", m)
		}
	}
	if got := c.State(); got != before {
		t.Errorf("state %+v, want %+v", got, before)
	}
}

// A clock that is restored goes on where the other one stood, however much later.
func TestRestore(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	skew := -minutes(1)
	for _, m := range []clock.Move{
		{}, {Advance: minutes(3)}, {Skew: &skew}, {Advance: minutes(3), Skew: &skew}, {Freeze: true, Advance: minutes(3), Skew: &skew},
	} {
		base := start
		old, again := clock.New(func() time.Time { return start }), clock.New(func() time.Time { return base })
		want, err := old.Move(m)
		if err != nil {
			t.Fatal(err)
		}
		base = start.Add(minutes(60))
		if err := again.Restore(want); err != nil {
			t.Fatal(err)
		}
		want.Ahead -= minutes(60)
		if diff := cmp.Diff(again.State(), want); diff != "" {
			t.Errorf("%+v (-got +want):\n%s", m, diff)
		}
		base = start.Add(minutes(65))
		later := minutes(5)
		if m.Freeze {
			later = 0
		}
		if got := again.Now().Sub(want.Now); got != later {
			t.Errorf("%+v: %s later, want %s", m, got, later)
		}
		again.Reset()
		if got := again.State(); got != (clock.State{Now: base}) {
			t.Errorf("%+v: after a reset %+v", m, got)
		}
	}
	for _, far := range []clock.State{{}, {Now: time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), Frozen: true}} {
		if err := clock.New(clock.System).Restore(far); err == nil {
			t.Errorf("%+v was restored", far)
		}
	}
}

func TestWaitUntil(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(clock.System)
		start := time.Now()
		wait := func(d time.Duration) <-chan time.Duration {
			done := make(chan time.Duration, 1)
			at := c.Now().Add(d)
			go func() {
				if err := c.WaitUntil(t.Context(), at); err != nil {
					t.Error(err)
				}
				done <- time.Since(start)
			}()
			return done
		}
		if got := <-wait(minutes(2)); got != minutes(2) {
			t.Errorf("a running clock: %s, want 2m", got)
		}
		waiting := wait(minutes(10))
		synctest.Wait()
		if _, err := c.Move(clock.Move{Advance: minutes(9)}); err != nil {
			t.Fatal(err)
		}
		if got := <-waiting; got != minutes(3) {
			t.Errorf("a jump of 9m: %s, want 3m", got)
		}
		if _, err := c.Move(clock.Move{Freeze: true}); err != nil {
			t.Fatal(err)
		}
		waiting = wait(minutes(1))
		ctx, cancel := context.WithTimeout(t.Context(), minutes(60))
		defer cancel()
		if err := c.WaitUntil(ctx, c.Now().Add(1)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a frozen clock: %v", err)
		}
		if _, err := c.Move(clock.Move{Resume: true}); err != nil {
			t.Fatal(err)
		}
		if got := <-waiting; got != minutes(64) {
			t.Errorf("frozen for an hour: %s, want 64m", got)
		}
	})
}

func TestWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := clock.Wait(t.Context(), time.Hour); err != nil || time.Since(start) != time.Hour {
			t.Errorf("waited %s: %v", time.Since(start), err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := clock.Wait(ctx, time.Hour); !errors.Is(err, context.Canceled) {
			t.Errorf("after its context: %v", err)
		}
	})
}
