package cli_test

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/lang"
	"github.com/authbench/authbench/internal/pace"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runfile"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/stats"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/generic"
	"github.com/authbench/authbench/internal/target"
)

// waits is a configuration whose iterations take what their rows say, and no network.
const waits = `
dataset "rows" {
  rows = [for n in range(100) : { n = n, wait = "${7 * n + 3}ms" }]
  mode = "random"
}

dataset "tickets" {
  rows = flatten([for a in range(5) : [for b in range(1000) : { n = 1000 * a + b }]])
  mode = "unique"
}

scenario "short" {
  step "pause" "wait" {
    duration = dataset.rows.row.wait
  }

  output "who" {
    value = "${dataset.rows.row.n} ${dataset.tickets.row.n} ${iteration.uuid}"
  }
}

scenario "twice" {
  step "pause" "first" {
    duration = dataset.rows.row.wait
  }

  step "pause" "second" {
    duration = "20ms"
  }

  output "who" {
    value = "${dataset.rows.row.n} ${dataset.tickets.row.n} ${iteration.uuid}"
  }
}

load "parts" {
  arrivals = "poisson"
  warmup   = "2s"

  mix {
    scenario = scenario.short
    weight   = 3
  }

  mix {
    scenario = scenario.twice
    weight   = 1
  }

  stage {
    rate = 50
    over = "3s"
  }

  stage {
    rate = 50
    over = "17s"
  }
}

load "soak" {
  scenario = scenario.plain

  stage {
    rate = 25
    over = "0s"
  }

  stage {
    rate = 25
    over = "$SOAK"
  }
}

scenario "plain" {
  step "pause" "wait" {
    duration = dataset.rows.row.wait
  }
}
`

// planned is a profile of waits, ready to run.
func planned(t *testing.T, profile string) (*plan.Plan, *plan.Load) {
	t.Helper()
	loaded, err := lang.Load(lang.Options{
		Path: ".", Suite: "waits", FS: fstest.MapFS{"waits.hcl": {Data: []byte(strings.ReplaceAll(waits, "$SOAK", fmt.Sprint(soakSeconds, "s")))}}, Registry: steps.NewRegistry(nil, generic.Kinds()...),
	})
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Diags.HasErrors() {
		t.Fatalf("%+v", loaded.Diags)
	}
	l, err := loaded.Plan.Profile(profile)
	if err != nil {
		t.Fatal(err)
	}
	p := loaded.Plan.Only(l)
	target.Describe([]*plan.Plan{p}, "run", 11, time.Unix(0, 0), profile)
	return p, l
}

// identity is what an arrival is.
type identity struct {
	ID       uint64
	Scenario string
	After    time.Duration
	Who      string
	Waited   time.Duration
}

// virtual runs one part of a profile in virtual time, a look at it each second.
func virtual(t *testing.T, profile string, index, of int, look func(second int, r *stats.Recorder)) (all []identity, l *stats.Load) {
	t.Helper()
	p, about := planned(t, profile)
	part, err := pace.NewPart(index, of)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := p.Hash(about)
	if err != nil {
		t.Fatal(err)
	}
	var scenarios []stats.LoadScenario
	for i := range about.Mix {
		scenarios = append(scenarios, stats.LoadScenario{Name: about.Mix[i].Name, Steps: about.Mix[i].Steps()})
	}
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		r := stats.NewRecorder(stats.RecorderOptions{
			Run: result.Run{Start: begin, Seed: 11}, Scenarios: scenarios, Part: stats.Part{Index: index, Of: of},
			Profile: stats.Profile{Name: profile, Open: true, PlanHash: hash, Warmup: about.Warmup},
		})
		quit, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			ticker := time.NewTicker(time.Second)
			defer ticker.Stop()
			for second := 1; ; second++ {
				select {
				case now := <-ticker.C:
					r.Tick(now, stats.Pulse{})
					if look != nil {
						look(second, r)
					}
				case <-quit:
					return
				}
			}
		}()
		var mu sync.Mutex
		account, err := runner.RunLoad(t.Context(), t.Context(), p, about, runner.Environment{}, runner.LoadOptions{
			Seed: 11, Part: part, Start: begin, Drop: func(d result.Drop) { r.Drop(&d) },
			Emit: func(it *result.Iteration) {
				r.Add(it)
				if look != nil {
					return // of many, nothing is kept
				}
				mu.Lock()
				defer mu.Unlock()
				all = append(all, identity{it.ID, it.Scenario, it.Intended.Sub(begin), string(it.Outputs[0].Value), it.Wait})
			},
		})
		close(quit)
		<-done
		if err != nil {
			t.Error(err)
		}
		l = r.Load(stats.End{Wall: account.Overall})
		if err := l.Check(account.Scheduled); err != nil {
			t.Error(err)
		}
	})
	return all, l
}

// saved puts a run through a file.
func saved(t *testing.T, l *stats.Load) *stats.Load {
	t.Helper()
	var b bytes.Buffer
	if err := runfile.Write(&b, l); err != nil {
		t.Fatal(err)
	}
	out, err := runfile.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSeedInPartsIsOneRun: the same seed in 1, 4 and 7 parts gives the same arrivals,
// rows and random values, and files that merge to the same histograms, bit for bit.
func TestSeedInPartsIsOneRun(t *testing.T) {
	t.Parallel()
	whole, one := virtual(t, "parts", 0, 1, nil)
	byID := func(a, b identity) int { return int(int64(a.ID) - int64(b.ID)) }
	slices.SortFunc(whole, byID)
	if len(whole) < 800 {
		t.Fatalf("only %d arrivals", len(whole))
	}
	one = saved(t, one)
	for _, of := range []int{4, 7} {
		var all []identity
		var files []*stats.Load
		for i := range of {
			some, l := virtual(t, "parts", i, of, nil)
			all, files = append(all, some...), append(files, saved(t, l))
		}
		slices.SortFunc(all, byID)
		if d := cmp.Diff(all, whole); d != "" {
			t.Errorf("%d parts (-parts +whole):\n%.2000s", of, d)
		}
		merged, err := runfile.Merge(files...)
		if err != nil {
			t.Fatal(err)
		}
		merged = saved(t, merged)
		type numbers struct {
			stats.SeriesKey
			Counts    stats.Counts
			Histogram string
		}
		sums := func(l *stats.Load) (out []numbers) {
			for i := range l.Series {
				s := &l.Series[i]
				if s.Histogram.Count() > 0 {
					out = append(out, numbers{s.SeriesKey, s.Counts, string(s.Histogram.Sparse())})
				}
			}
			return out
		}
		got, want := sums(merged), sums(one)
		if d := cmp.Diff(got, want); d != "" || len(want) < 5 {
			t.Errorf("%d parts merge to other histograms than those of %d series (-parts +whole):\n%.2000s", of, len(want), d)
		}
		if merged.Iterations != one.Iterations || merged.Warmup != one.Warmup {
			t.Errorf("%d parts: got %+v and %+v, want %+v and %+v", of, merged.Iterations, merged.Warmup, one.Iterations, one.Warmup)
		}
	}
}

// TestVirtualHour is an hour of load through everything that keeps numbers. What is kept
// at its end is hardly more than after ten minutes; the file stays small. It runs
// alone: the heap is everybody's.
//
//nolint:paralleltest // the heap is that of the process
func TestVirtualHour(t *testing.T) {
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var early, late uint64
	_, l := virtual(t, "soak", 0, 1, func(second int, r *stats.Recorder) {
		switch second {
		case 600:
			early = heap()
		case soakSeconds - 1:
			late = heap()
		}
	})
	var b bytes.Buffer
	if err := runfile.Write(&b, l); err != nil {
		t.Fatal(err)
	}
	t.Logf("live heap: %d bytes after 10 minutes, %d at the end; %d seconds kept as %d; the file has %d bytes", early, late, int(l.Wall.Seconds()), len(l.Seconds), b.Len())
	if l.Iterations.Success != 25*soakSeconds {
		t.Errorf("got %+v", l.Iterations)
	}
	if late > early+2<<20 {
		t.Errorf("the live heap grew from %d to %d bytes", early, late)
	}
	if b.Len() > 512<<10 {
		t.Errorf("the file has %d bytes", b.Len())
	}
}
