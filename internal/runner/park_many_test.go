package runner_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/authbench/authbench/internal/runner"
)

// TestHundredThousandWait is an inbox that answers after a minute, while 100,000
// iterations wait for their messages: below a gibibyte. BenchmarkParked holds what one
// takes to its bound. It runs alone: the heap is everybody's.
//
//nolint:paralleltest // the heap is that of the process
func TestHundredThousandWait(t *testing.T) {
	const n, most = waiting, 10 << 10 // bytes of each
	synctest.Test(t, func(t *testing.T) {
		source := &post{}
		p, env := mailed(t, source)
		p.Scenarios[0].Body[1].Timeout = 2 * time.Minute
		before := inUse()
		var held int64
		var gauges runner.Gauges
		time.AfterFunc(time.Minute, func() {
			held = inUse() - before
			if parked := gauges.Read(time.Now()).Parked; parked != n {
				t.Errorf("%d are parked, want %d", parked, n)
			}
			source.deliver("123456", nil)
		})
		begin := time.Now()
		account, err := runner.RunLoad(t.Context(), t.Context(), p, iterations(p.Scenarios[0], n, n), env, runner.LoadOptions{Gauges: &gauges})
		if err != nil || account.Success != n || account.Scheduled != n {
			t.Errorf("got %+v, %v", account.LoadCounts, err)
		}
		if took := time.Since(begin); took < time.Minute || took > 61*time.Second {
			t.Errorf("it took %v", took)
		}
		t.Logf("%d bytes, %d for each", held, held/n)
		if held > n*most {
			t.Errorf("%d iterations that wait hold %d bytes", n, held)
		}
	})
}
