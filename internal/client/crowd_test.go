package client

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// crowded is a pool with a crowd that opens connections.
func crowded(t *testing.T) *pool {
	t.Helper()
	p := &pool{}
	for range crowd {
		if c := p.await(t.Context()); c != nil {
			t.Fatal("a connection came from nowhere")
		}
	}
	return p
}

// In a crowd whoever comes waits for a connection that comes free, first come, first
// served, while something moves.
func TestCrowdWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := crowded(t)
		const waits = 3
		got := make(chan [2]int, waits)
		for i := range waits {
			go func() {
				user := -1
				if c := p.await(t.Context()); c != nil {
					user = c.user
				}
				got <- [2]int{i, user}
			}()
			synctest.Wait()
		}
		for range 5 {
			<-time.After(moment - 1)
			p.opened()
			p.open()
		}
		for i := range waits {
			if !p.put(KeepAliveShared, &conn{user: i}, time.Now()) {
				t.Fatal("a connection was not taken")
			}
			if pair := <-got; pair != [2]int{i, i} {
				t.Errorf("waiter and connection are %v, want both %d", pair, i)
			}
		}
		<-time.After(2 * moment)
		if p.opening != crowd || len(p.waiting) != 0 || len(p.shared) != 0 || p.vain {
			t.Errorf("%d are being opened, %d wait, %d are idle, vain %v", p.opening, len(p.waiting), len(p.shared), p.vain)
		}
	})
}

// Where nothing moves everybody opens a connection, until one comes free.
func TestCrowdDoesNotWaitInVain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := crowded(t)
		for i, want := range []time.Duration{moment, 0, 0} {
			begun := time.Now()
			if c := p.await(t.Context()); c != nil || time.Since(begun) != want {
				t.Errorf("request %d waited %s, want %s", i, time.Since(begun), want)
			}
		}
		p.put(KeepAliveShared, &conn{}, time.Now())
		if c := p.await(t.Context()); c == nil {
			t.Error("an idle connection was left alone")
		}
		if p.opening != crowd+3 {
			t.Errorf("%d are being opened, want %d", p.opening, crowd+3)
		}
		for range crowd + 3 {
			p.opened()
		}
		if c := p.await(t.Context()); c != nil || p.opening != 1 {
			t.Errorf("%d are being opened, want one", p.opening)
		}
	})
}

// Nobody waits for long, even if something moves.
func TestCrowdDoesNotWaitForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := crowded(t)
		done := make(chan struct{})
		go func() {
			for {
				select {
				case <-time.After(moment / 2):
					p.opened()
					p.open()
				case <-done:
					return
				}
			}
		}()
		begun := time.Now()
		if c := p.await(t.Context()); c != nil || time.Since(begun) < tooLong || time.Since(begun) > tooLong+moment {
			t.Errorf("the wait took %s, want %s", time.Since(begun), tooLong)
		}
		close(done)
	})
}

// A request that ends and a client that is closed leave nobody waiting.
func TestCrowdIsDismissed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := crowded(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if c := p.await(ctx); c != nil || len(p.waiting) != 0 {
			t.Errorf("%d wait after their request ended", len(p.waiting))
		}
		done := make(chan *conn)
		go func() { done <- p.await(t.Context()) }()
		synctest.Wait()
		p.close()
		if c := <-done; c != nil || p.opening != crowd+2 {
			t.Errorf("%d are being opened, want %d", p.opening, crowd+2)
		}
	})
}
