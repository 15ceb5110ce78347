// Command rate measures how well a rate is kept: one request an iteration, open, against
// a server that does nothing. The server has one core and the generator another.
//
//	go run ./rate
//
// For each rate, as usual and with precise = true, it prints by how much the achieved
// rate missed the wanted one, how late iterations began, and the CPU that they took: the
// median of the rounds and what lay between the least and the most. A machine with other
// work shows that work in the lateness.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/authbench/authbench/bench/pinned"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	flag.StringVar(&o.authbench, "authbench", "", "path of authbench; empty builds it")
	flag.IntVar(&o.rounds, "rounds", 3, "how often each is run")
	flag.DurationVar(&o.over, "over", 20*time.Second, "how long each rate is held")
	flag.StringVar(&o.rates, "rates", "1000,10000,20000", "iterations a second, several separated by commas")
	flag.Parse()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "rate:", err)
		os.Exit(1)
	}
}

type options struct {
	authbench, rates string
	rounds           int
	over             time.Duration
}

func run(ctx context.Context, o options) error {
	work, err := os.MkdirTemp("", "authbench-rate-")
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
	fmt.Fprintln(w, "wanted/s\tprecise\terror of the rate, %\tlate p50, ms\tlate p99, ms\tCPU, % of a core\tdropped")
	for text := range strings.SplitSeq(o.rates, ",") {
		rate, err := strconv.Atoi(text)
		if err != nil || rate < 1 {
			return fmt.Errorf("-rates: %q is not a number above zero", text)
		}
		for _, precise := range []bool{false, true} {
			var all samples
			for range o.rounds {
				s, err := measure(ctx, o, server, rate, precise)
				if err != nil {
					return err
				}
				all = append(all, s)
			}
			fmt.Fprintf(w, "%d\t%t\t%s\t%s\t%s\t%s\t%s\n", rate, precise,
				all.of(func(s sample) float64 { return s.error }, 3), all.of(func(s sample) float64 { return s.p50 }, 3),
				all.of(func(s sample) float64 { return s.p99 }, 3), all.of(func(s sample) float64 { return s.cpu }, 0),
				all.of(func(s sample) float64 { return s.dropped }, 0))
		}
	}
	return nil
}

// measure holds a rate once, against a fresh server.
func measure(ctx context.Context, o options, server string, rate int, precise bool) (sample, error) {
	null, err := pinned.Serve(ctx, server)
	if err != nil {
		return sample{}, err
	}
	defer null.Stop()
	sum, cost, err := pinned.Load(ctx, o.authbench, "rate/rate.hcl", "base_url="+null.Ready["base_url"],
		"rate="+strconv.Itoa(rate), "over="+o.over.String(), "precise="+strconv.FormatBool(precise))
	if err != nil {
		return sample{}, err
	}
	lateness := sum.Of("lateness").Times
	// What was answered, in the time that it took: an arrival that was dropped, or that
	// came after the schedule, is missing.
	achieved := float64(sum.Iterations.Success) / max(sum.Duration, sum.Profile.Duration) * 1000
	return sample{
		error: (achieved/float64(rate) - 1) * 100, p50: lateness.P50, p99: lateness.P99,
		cpu: cost.CPU.Seconds() / cost.Wall.Seconds() * 100, dropped: float64(sum.Iterations.Dropped),
	}, nil
}
