package stats

import (
	"runtime"
	"sync"
	"time"

	"github.com/authbench/authbench/internal/result"
)

// RecorderOptions say what a load run is of.
type RecorderOptions struct {
	Run         result.Run
	Profile     Profile
	Environment Environment
	Part        Part
	// Scenarios are those of the mix, in the order of the plan.
	Scenarios []LoadScenario
	// Judge evaluates thresholds, nil when there are none. It belongs to the recorder
	// from then on.
	Judge *Judge
	// Shards is how many parts may count at a time, 0 for one for each processor, up to
	// 16.
	Shards int
}

// LoadScenario is a scenario by its declared name, with its steps in order: the place
// of a step, from 1, is [result.Step.Place].
type LoadScenario struct {
	Name  string
	Steps []string
}

// Recorder adds up the iterations of a load run while it goes on. All its methods may
// be called at the same time. Its memory depends on what was declared and, up to a
// bound, on how many seconds the run takes; never on how many iterations there are.
//
// Each sample is counted once, in the histogram of its second. [Recorder.Tick] closes
// seconds and adds them to the whole. Nothing is evaluated when a sample is recorded.
type Recorder struct {
	options  RecorderOptions
	registry *registry
	shards   []shard

	failuresLock sync.Mutex
	failures     failures

	mu     sync.Mutex // guards what follows; taken before the lock of a shard
	total  sums       // of all seconds that are closed
	open   sums       // room to add up the shards in
	time   timeline
	pulse  Pulse // the last
	health healthWatch
}

// shard counts what some of the iterations come to since the last tick.
type shard struct {
	mu sync.Mutex
	sums
	_ [64]byte // keeps the locks of two shards out of one line of the cache
}

// NewRecorder makes a recorder; the clock of the run starts at options.Run.Start.
func NewRecorder(options RecorderOptions) *Recorder {
	n := options.Shards
	if n <= 0 {
		n = min(runtime.GOMAXPROCS(0), 16)
	}
	r := &Recorder{
		options: options, registry: newRegistry(options.Scenarios), shards: make([]shard, n),
		failures: failures{index: make(map[failureKey]*Failure), codes: make(tally)},
	}
	r.time.keep = options.Judge.reach()
	r.time.schedule = int(options.Profile.Duration / time.Second)
	return r
}

// Add counts an iteration that ended. It is borrowed for the call: what is kept of it
// is copied.
func (r *Recorder) Add(it *result.Iteration) {
	places := r.registry.scenario(it.Scenario)
	s := &r.shards[it.ID%uint64(len(r.shards))]
	s.mu.Lock()
	r.count(s, places, it)
	s.mu.Unlock()
	if wrong(it.Outcome) || it.TeardownFailed {
		r.failuresLock.Lock()
		r.failures.add(it)
		r.failuresLock.Unlock()
	}
}

// Drop counts an arrival that was never started.
func (r *Recorder) Drop(d *result.Drop) {
	series := r.registry.scenario(d.Scenario).iterations
	s := &r.shards[d.ID%uint64(len(r.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.countsAt(series).of(d.Warmup).Dropped++
	if d.Warmup {
		s.warmup.Dropped++
	} else {
		s.iterations.Dropped++
	}
	s.drops[dropPlace(d.Reason)]++
}

// dropPlace gives a reason that is none the place of the last.
func dropPlace(reason DropReason) int {
	for i, known := range DropReasons() {
		if known == reason {
			return i
		}
	}
	return dropReasons - 1
}
