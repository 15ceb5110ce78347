package stats_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/stats"
)

// TestK6KeepsEveryLatency is k6#4670: there memory grows with every request. It runs
// alone: the heap is everybody's.
//
//nolint:paralleltest // the heap is that of the process
func TestK6KeepsEveryLatency(t *testing.T) {
	r := newRecorder(nil)
	heap := func(from, to uint64) int64 {
		for n := from; n < to; n++ {
			r.Add(arrival(n))
		}
		r.Tick(start.Add(time.Duration(to)*time.Microsecond), stats.Pulse{})
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	few := heap(0, 20_000)
	many := heap(20_000, 200_000)
	// 180,000 iterations have more than a million samples.
	if many > few+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", few, many)
	}
	runtime.KeepAlive(r)
}
