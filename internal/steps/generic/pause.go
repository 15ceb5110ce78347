package generic

import (
	"context"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/steps"
)

func pauseKind() *steps.Kind {
	return &steps.Kind{
		Name: "pause", Doc: "Waits. The time counts as waiting, never as service time.", Idempotent: true,
		Args: []steps.Arg{{Name: "duration", Type: cty.String, Required: true, Duration: true, Echo: true, Doc: "How long."}},
		Run:  pause,
	}
}

func pause(ctx context.Context, _ *steps.Env, args steps.Args) steps.Reply {
	start := time.Now()
	// A context that is over beats a timer that is due.
	if ctx.Err() != nil {
		return ended(ctx)
	}
	timer := time.NewTimer(args.Duration("duration"))
	defer timer.Stop()
	r := steps.Reply{OK: true}
	select {
	case <-timer.C:
	case <-ctx.Done():
		r = ended(ctx)
	}
	r.Start, r.Wait = start, time.Since(start)
	return r
}
