package runner

import (
	"context"
	"time"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// The defaults of [Options].
const (
	DefaultParallelism     = 10
	DefaultTeardownTimeout = 30 * time.Second
)

// Environment is what the plans' steps talk to. The caller opens and closes it; it
// is read-only during a run.
type Environment struct {
	// Conns are the connections that the providers' kinds find in their Env.
	Conns map[*plan.Provider]any
	// Controls steer the emulators that providers live in, for kinds that do.
	Controls map[*plan.Provider]steps.Control
	// Clients send requests of kinds without a provider that go to a provider's
	// address, so that its TLS and connection settings hold for them too.
	Clients map[*plan.Provider]client.Client
	// Inboxes are the open message sources.
	Inboxes map[*plan.Inbox]capture.Source
	// HTTP sends requests for kinds without a provider.
	HTTP client.Client
}

// Options say how to run. The zero value runs every scenario once.
type Options struct {
	// Parallelism is how many iterations run at a time; 0 is [DefaultParallelism].
	Parallelism int
	// Rate bounds the starts of iterations for each second; 0 is no bound. Starts
	// are evenly spaced and never caught up.
	Rate float64
	// Repeat is how often each scenario instance runs; 0 is once.
	Repeat int
	// FailFast starts nothing more after the first failure or error. What runs ends
	// as usual.
	FailFast bool
	// Seed decides every random value, together with the iteration's id.
	Seed uint64
	// OnlyIteration runs just the iteration with this id, nil all. Repeat does not
	// matter then.
	OnlyIteration *uint64
	// Keep leaves out teardown.
	Keep bool
	// TeardownTimeout bounds the teardown of one iteration; 0 is
	// [DefaultTeardownTimeout].
	TeardownTimeout time.Duration
	// Emit takes every iteration when it ends, in that order, one at a time. What it
	// is given is its own. It holds up the start of further iterations. It may be nil.
	Emit func(*result.Iteration)
	// Fixture takes every execution of a fixture when it is over: a failed one at once,
	// one that stood at the end of the run, teardown included. What it is given is its
	// own. It is never called at the same time as Emit; it may be nil.
	Fixture func(*result.Iteration)
}

// Account says what became of the iterations that were started. Started is always
// the sum of the rest.
type Account struct {
	Started, Success, Failure, Error, Skipped, Aborted int
}

func (a *Account) add(o result.Outcome) {
	switch o {
	case result.Success:
		a.Success++
	case result.Failure:
		a.Failure++
	case result.Skipped:
		a.Skipped++
	case result.Aborted:
		a.Aborted++
	default:
		a.Error++
	}
}

// Run carries out plans and returns when every iteration that it started has ended.
//
// Iterations are numbered round by round: every scenario instance once, in the order
// of the plans, then every one again. Instances that are not selected keep their
// numbers, so a number means the same whatever is selected, and whatever the timing.
//
// The end of ctx stops the run softly: nothing more starts, steps in flight are
// canceled, teardown runs. The end of cleanup stops teardown as well. An iteration
// that fails is no error of Run; an environment that lacks a connection is.
//
// A row of a dataset depends on the seed and the iteration's number alone. Rows that are
// given in order go round by round, one for each instance that gets any. An iteration
// whose row is leased to another one waits for it, without being begun; one whose row
// does not exist is an error, whatever the dataset says: nothing is dropped. Fixtures
// stand once for the run or once for each place of Parallelism, and those that wait for
// one are not begun either. A fixture that failed is tried again by the next iteration
// that needs it; those that waited for it are errors.
func Run(ctx, cleanup context.Context, plans []*plan.Plan, env Environment, opts Options) (Account, error) {
	r, err := newRun(plans, env, opts)
	if err != nil {
		return Account{}, err
	}
	d, err := newDispatcher(r)
	if err != nil {
		return Account{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(cleanup, cancel)()
	defer r.close()
	d.load.ctx, d.load.cleanup, d.load.cancel = ctx, cleanup, cancel
	return d.carryOut(), nil
}
