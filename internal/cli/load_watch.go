package cli

import (
	"context"
	"sync"
	"sync/atomic"
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

	// over is the time after which nothing was due any more, nil before.
	over atomic.Pointer[time.Duration]
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

func (w *watch) loop(ctx context.Context) {
	defer close(w.done)
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	interrupted := ctx.Done()
	for {
		select {
		case <-w.quit:
			w.tick(time.Now())
			return
		case <-interrupted:
			interrupted = nil
			w.screen.say("Interrupted: canceling what runs and cleaning up. Interrupt again to quit at once.")
		case key := <-w.screen.keys:
			if key == 'q' || key == 'Q' {
				w.halt()
			}
		case now := <-ticker.C:
			w.tick(now)
		}
	}
}

// tick closes a second and shows how the run stands.
func (w *watch) tick(now time.Time) {
	g := w.gauges.Read(now)
	inFlight, parked, awaiting := w.gauges.Most()
	var due uint64
	if w.schedule != nil && g.Elapsed > 0 {
		due = uint64(w.schedule.Expected(w.asked(g.Elapsed)))
	}
	abort := w.recorder.Tick(now, stats.Pulse{
		Wanted: w.gauges.Read(now.Add(-time.Second / 2)).Wanted, Due: due,
		Started: uint64(g.Started), Queued: uint64(g.Queued), InFlight: inFlight, Parked: parked, Awaiting: awaiting,
		Host: host.Read(),
	})
	if abort {
		w.halt()
	}
	l := w.recorder.Snapshot(now)
	w.screen.show(l, w.stopping())
	w.out.second(l)
}

// asked is how much of a run's time arrivals were asked for: none is due any more when it
// was interrupted, stopped, or ended itself.
func (w *watch) asked(elapsed time.Duration) time.Duration {
	if over := w.over.Load(); over != nil {
		return min(elapsed, *over)
	}
	return elapsed
}

// ended is told how long arrivals were asked for.
func (w *watch) ended(after time.Duration) { w.over.Store(&after) }

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
