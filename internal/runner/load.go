package runner

import (
	"context"
	"time"

	"github.com/authbench/authbench/internal/pace"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// LoadOptions say how to carry out a profile.
type LoadOptions struct {
	// Seed decides arrivals, choices, rows and, together with an iteration's id, every
	// random value.
	Seed uint64
	// Part is the share of the run that is this process's; the zero Part is all of it.
	// The profile's MaxInFlight holds for each process.
	Part pace.Part
	// Start is time 0 of the schedule, before which nothing starts; the zero time is when
	// everything is ready.
	Start time.Time
	// TeardownTimeout bounds the teardown of one iteration, and of one fixture; 0 is
	// [DefaultTeardownTimeout].
	TeardownTimeout time.Duration
	// Emit takes every iteration that was started when it ends, teardown included, and
	// those that could not be started for want of a row or a fixture. It is called
	// concurrently. The iteration is borrowed: what is kept must be copied. It may be nil.
	Emit func(*result.Iteration)
	// Drop takes every arrival that was never started, one at a time. It must not
	// block: it holds up the schedule. It may be nil.
	Drop func(result.Drop)
	// Fixture takes every execution of a fixture when it is over: a failed one at once,
	// one that stood at the end of the run, teardown included. They are in no account.
	// It is called concurrently; it may be nil. The iteration is borrowed here, too.
	Fixture func(*result.Iteration)
	// Gauges is told how the run stands, nil for nobody.
	Gauges *Gauges
	// Over is called once, when the schedule has ended, whatever ended it: what is due
	// after that time, counted from Start, is never started. What runs may go on. It may
	// be nil.
	Over func(after time.Duration)
	// Stop, when it is closed, ends the schedule before its time, gracefully. It may
	// be nil.
	Stop <-chan struct{}
}

// RunLoad carries out a profile of p and returns when all that it started has ended.
//
// The schedule of an open profile never waits for the target: an arrival that finds no
// room is dropped, queued or ends the run, as the profile says. When the schedule is
// over, what runs, and what waits in the queue, has the profile's GracefulStop to end;
// then it is canceled, and its teardown runs. The end of ctx starts nothing more and
// cancels at once; arrivals that were due by then are accounted as dropped. The end of
// cleanup stops teardown as well. After ctx, so does everything that a fixture needs:
// an iteration that waits for one is aborted.
//
// An iteration of a serial group that has to wait for another one is in flight: it
// holds its place, and the time is its Wait. An iteration that waits for a fixture
// holds its place too, but that is no time of the user's: its intended start moves by
// as much. A fixture that failed is tried again by the next iteration that needs it;
// those that waited for it are errors.
//
// The id of an iteration is the number of its arrival; in closed profiles they are
// numbered as they start. iteration.index is the same number in an open profile, and
// counts the iterations of each user in a closed one.
func RunLoad(ctx, cleanup context.Context, p *plan.Plan, profile *plan.Load, env Environment, opts LoadOptions) (LoadAccount, error) {
	l, err := newLoad(p, profile, env, opts)
	if err != nil {
		return LoadAccount{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(cleanup, cancel)()
	defer l.run.close()
	l.ctx, l.cleanup, l.cancel = ctx, cleanup, cancel
	return l.carryOut(), nil
}
