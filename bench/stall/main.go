// Command stall asks whether numbers stay true when the target stalls: it holds every
// answer back for a second in every ten, at 1,000 arrivals a second. The p99 from the
// intended start is held against the truth, which is computed from the schedule and not
// measured (truth.go).
//
//	go run ./stall
//
// Three ways are run: with room for everybody; with 50 in flight, where the others
// queue; and with 50 in flight, where they are dropped, which the run must tell.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/authbench/authbench/bench/pinned"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	o := options{schedule: schedule{rate: 1000}}
	flag.StringVar(&o.authbench, "authbench", "", "path of authbench; empty builds it")
	flag.IntVar(&o.periods, "periods", 3, "how many stalls a run meets")
	flag.DurationVar(&o.period, "every", 10*time.Second, "period of the stalls")
	flag.DurationVar(&o.stall, "for", time.Second, "how long each stall lasts")
	flag.Parse()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "stall:", err)
		os.Exit(1)
	}
}

type options struct {
	schedule
	authbench string
}

// way is how a run meets the stalls.
type way struct {
	name     string
	inFlight int
	overflow string
}

func run(ctx context.Context, o options) error {
	work, err := os.MkdirTemp("", "authbench-stall-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if o.authbench == "" {
		if o.authbench, err = pinned.Build(ctx, work, "authbench"); err != nil {
			return err
		}
	}
	server, err := pinned.Build(ctx, work, "./null")
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintln(w, "\tp99 measured, ms\tp99 true, ms\terror, %\tdropped\tcomputed\tverdict")
	for _, v := range []way{
		{"room for all", 2 * int(o.rate), "drop"}, {"50 in flight, queue", 50, "queue"}, {"50 in flight, drop", 50, "drop"},
	} {
		sum, err := measure(ctx, o, server, v)
		if err != nil {
			return err
		}
		inFlight := 0
		if v.overflow == "drop" {
			inFlight = v.inFlight
		}
		waits, dropped := o.meets(inFlight)
		got, want := sum.Of("response").Times.P99, quantile(waits, 0.99).Seconds()*1000
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%s\t%d\t%d\t%s\n", v.name, got, want, miss(got, want), sum.Iterations.Dropped, dropped, sum.Verdict)
	}
	return nil
}

// miss tells by how much a measured time is off. Where nobody waits there is no part of
// it to tell.
func miss(got, want float64) string {
	if want == 0 {
		return "-"
	}
	return fmt.Sprintf("%+.1f", (got/want-1)*100)
}

func measure(ctx context.Context, o options, server string, v way) (*pinned.Summary, error) {
	null, err := pinned.Serve(ctx, server, "-stall-every", o.period.String(), "-stall-for", o.stall.String())
	if err != nil {
		return nil, err
	}
	defer null.Stop()
	over := time.Duration(o.periods) * o.period
	sum, _, err := pinned.Load(ctx, o.authbench, "stall/stall.hcl", "base_url="+null.Ready["base_url"], "over="+over.String(),
		"rate="+strconv.Itoa(int(o.rate)), "max_in_flight="+strconv.Itoa(v.inFlight), "overflow="+v.overflow)
	return sum, err
}
