package generic

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/steps"
)

func pauseKind() *steps.Kind {
	return &steps.Kind{
		Name: "pause", Doc: "Waits. The time counts as waiting, never as service time.", Idempotent: true,
		Args:  []steps.Arg{{Name: "duration", Type: cty.String, Required: true, Duration: true, Echo: true, Doc: "How long."}},
		Await: pause,
	}
}

func pause(_ *steps.Env, args steps.Args) steps.Waiting {
	return steps.Waiting{For: args.Duration("duration"), Reply: paused}
}

func paused(end steps.WaitEnd) steps.Reply {
	r := steps.Reply{OK: true}
	if end.How != steps.WaitMet {
		r = unmet(end)
	}
	r.Start, r.Wait = end.Start, end.Waited
	return r
}
