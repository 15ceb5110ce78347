package cli

import (
	"context"
	"sync"
	"time"

	"github.com/authbench/authbench/internal/host"
	"github.com/authbench/authbench/internal/pace"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/stats"
)

// watch looks at a load run once a second while it goes on: closes its seconds, judges
// thresholds, and shows it to everybody who looks.
type watch struct {
	app      *app
	recorder *stats.Recorder
	gauges   *runner.Gauges
	// schedule is nil for a closed profile.
	schedule *pace.Schedule
	out      *loadSinks
	screen   *screen

	// stop is closed when the run is to end gracefully.
	stop     chan struct{}
	stopOnce sync.Once
	quit     chan struct{}
	done     chan struct{}
}

func (a *app) watch(ctx context.Context, recorder *stats.Recorder, gauges *runner.Gauges, schedule *pace.Schedule, out *loadSinks) *watch {
	w := &watch{
		app: a, recorder: recorder, gauges: gauges, schedule: schedule, out: out, screen: a.openScreen(),
		stop: make(chan struct{}), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go w.loop(ctx)
	return w
}

// pulsePace is how often gauges are read: what a second had at most shows up between.
const pulsePace = 100 * time.Millisecond

func (w *watch) loop(ctx context.Context) {
	defer close(w.done)
	ticker := time.NewTicker(pulsePace)
	defer ticker.Stop()
	var most runner.Gauge
	interrupted := ctx.Done()
	next := time.Now().Add(time.Second)
	for {
		select {
		case <-w.quit:
			w.tick(time.Now(), most)
			return
		case <-interrupted:
			interrupted = nil
			w.screen.say("Interrupted: canceling what runs and cleaning up. Interrupt again to quit at once.")
		case key := <-w.screen.keys:
			if key == 'q' || key == 'Q' {
				w.halt()
			}
		case now := <-ticker.C:
			g := w.gauges.Read(now)
			most.InFlight, most.Parked = max(most.InFlight, g.InFlight), max(most.Parked, g.Parked)
			if now.Before(next) {
				continue
			}
			w.tick(now, most)
			most = runner.Gauge{}
			next = next.Add(time.Second)
			if behind := now.Sub(next); behind > 0 {
				next = now.Add(time.Second)
			}
		}
	}
}

// tick closes a second and shows how the run stands.
func (w *watch) tick(now time.Time, most runner.Gauge) {
	g := w.gauges.Read(now)
	var due uint64
	if w.schedule != nil && g.Elapsed > 0 && !w.stopping() {
		due = uint64(w.schedule.Expected(g.Elapsed))
	}
	abort := w.recorder.Tick(now, stats.Pulse{
		Wanted: w.gauges.Read(now.Add(-time.Second / 2)).Wanted, Due: due,
		Started: uint64(g.Started), Queued: uint64(g.Queued), InFlight: max(most.InFlight, g.InFlight), Parked: max(most.Parked, g.Parked),
		Host: host.Read(),
	})
	if abort {
		w.halt()
	}
	l := w.recorder.Snapshot(now)
	w.screen.show(l, w.stopping())
	w.out.second(l)
}

// halt asks the run to stop gracefully.
func (w *watch) halt() { w.stopOnce.Do(func() { close(w.stop) }) }

func (w *watch) stopping() bool {
	select {
	case <-w.stop:
		return true
	default:
		return false
	}
}

// end stops watching, when the run is over.
func (w *watch) end() {
	close(w.quit)
	<-w.done
	w.screen.close()
}
