package runner_test

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// BenchmarkLoadSchedule runs an open profile in real time, with iterations that cost
// next to nothing, and tells how far the rate was off and how late arrivals were.
func BenchmarkLoadSchedule(b *testing.B) {
	for name, precise := range map[string]bool{"usual": false, "precise": true} {
		b.Run(name, func(b *testing.B) {
			const rate, over = 10_000, 5 * time.Second
			sc := scenario("x", body(b, "a", succeeds("fake")))
			l := profile(rate, over, sc)
			l.Precise = precise
			for b.Loop() {
				var mu sync.Mutex
				var late []time.Duration
				var first, last time.Time
				account, err := runner.RunLoad(b.Context(), b.Context(), planOf(sc), l, runner.Environment{}, runner.LoadOptions{
					Emit: func(it *result.Iteration) {
						mu.Lock()
						defer mu.Unlock()
						late = append(late, it.Lateness)
						if first.IsZero() || it.Start.Before(first) {
							first = it.Start
						}
						if it.Start.After(last) {
							last = it.Start
						}
					},
				})
				if err != nil || account.Success != rate*5 {
					b.Fatalf("got %+v, %v", account.LoadCounts, err)
				}
				slices.Sort(late)
				achieved := float64(len(late)-1) / last.Sub(first).Seconds()
				b.ReportMetric(math.Abs(achieved/rate-1)*100, "%rate-error")
				b.ReportMetric(float64(late[len(late)/2].Microseconds()), "us-late-p50")
				b.ReportMetric(float64(late[len(late)*99/100].Microseconds()), "us-late-p99")
			}
		})
	}
}

// BenchmarkLoadArrival is the cost of the dispatcher and of an iteration with one step
// that does nothing.
func BenchmarkLoadArrival(b *testing.B) {
	sc := scenario("x", body(b, "a", succeeds("fake")))
	b.ReportAllocs()
	account, err := runner.RunLoad(b.Context(), b.Context(), planOf(sc), iterations(sc, uint64(b.N), 1), runner.Environment{}, runner.LoadOptions{})
	if err != nil || account.Success != uint64(b.N) {
		b.Fatalf("got %+v, %v", account.LoadCounts, err)
	}
}

// BenchmarkLoadParked is the memory of an iteration that waits, all told: place, record
// and what the dispatcher keeps of it.
func BenchmarkLoadParked(b *testing.B) {
	const many = 100_000
	pause := kind("pause", nil)
	pause.Await = func(*steps.Env, steps.Args) steps.Waiting {
		return steps.Waiting{For: 20 * time.Second, Reply: func(steps.WaitEnd) steps.Reply { return steps.Faulted(context.Canceled) }}
	}
	sc := scenario("x", body(b, "a", pause, "id", `"user-${iteration.id}"`))
	used := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse + m.StackInuse
	}
	for b.Loop() {
		ctx, cancel := context.WithCancel(b.Context())
		var g runner.Gauges
		before := used()
		ended := make(chan runner.LoadAccount)
		go func() {
			account, err := runner.RunLoad(ctx, b.Context(), planOf(sc), iterations(sc, many, many), runner.Environment{}, runner.LoadOptions{Gauges: &g})
			if err != nil {
				b.Error(err)
			}
			ended <- account
		}()
		for g.Read(time.Now()).Parked < many {
			runtime.Gosched()
		}
		b.ReportMetric(float64(used()-before)/many, "B/parked")
		b.ReportMetric(float64(runtime.NumGoroutine()), "goroutines")
		cancel()
		if account := <-ended; account.Aborted != many {
			b.Fatalf("got %+v", account.LoadCounts)
		}
	}
}
