package runner_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/runner"
)

// BenchmarkParked is the memory of an iteration that waits, all told: 100,000 of a
// scenario with four steps more, as a load run has them. At its first wait it takes
// 4 KiB at most; every step that went before adds its answer.
func BenchmarkParked(b *testing.B) {
	const n = 100_000
	for name, planned := range map[string]func() (p *plan.Plan, env runner.Environment, most float64){
		"pause": func() (*plan.Plan, runner.Environment, float64) {
			p := fourSteps(b)
			sc := p.Scenarios[0]
			sc.Body = append([]*plan.Step{body(b, "pause", pauses(time.Hour))}, sc.Body...)
			return p, runner.Environment{HTTP: instant{}}, 4 << 10
		},
		// The message comes after a first request, whose answer is kept.
		"message": func() (*plan.Plan, runner.Environment, float64) {
			p, env := mailed(b, &post{})
			sc := fourSteps(b).Scenarios[0]
			p.Scenarios[0].Body = append(p.Scenarios[0].Body, sc.Body...)
			p.Scenarios[0].Locals = sc.Locals
			return p, env, 5.25 * (1 << 10)
		},
	} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				p, env, most := planned()
				sc := p.Scenarios[0]
				for _, s := range sc.Body {
					s.Timeout = time.Hour
				}
				sc.Timeout = 2 * time.Hour
				sc.Compile(p.Globals)
				before := inUse()
				ctx, cancel := context.WithCancel(b.Context())
				gauges := &runner.Gauges{}
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					account, err := runner.RunLoad(ctx, context.WithoutCancel(ctx), p, iterations(sc, n, n), env, runner.LoadOptions{Gauges: gauges})
					if err != nil || account.Aborted != n {
						b.Errorf("got %+v, %v", account.LoadCounts, err)
					}
				}()
				for gauges.Read(time.Now()).Parked < n {
					runtime.Gosched()
				}
				each := float64(inUse()-before) / n
				b.ReportMetric(each, "B/parked")
				if each > most {
					b.Errorf("an iteration that waits takes %.0f bytes, more than %.0f", each, most)
				}
				b.ReportMetric(float64(runtime.NumGoroutine()), "goroutines")
				cancel()
				<-ended
			}
		})
	}
}

// inUse is what the heap and the stacks take.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}
