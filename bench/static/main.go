// Command static compares the CPU of one fixed request, sent over and over by 64 at a
// time to a server that does nothing: authbench with a check, and wrk and vegeta, which
// replay it and carry no data.
//
//	go run ./static -wrk "$(which wrk)" -vegeta "$(go env GOPATH)/bin/vegeta"
//
// Generators take turns, so that what else the machine does falls on all; the ratio is
// taken round by round. Whatever is not given is left out.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"text/tabwriter"
	"time"

	"github.com/authbench/authbench/bench/pinned"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	flag.StringVar(&o.authbench, "authbench", "", "path of authbench; empty builds it")
	flag.StringVar(&o.wrk, "wrk", "", "path of wrk")
	flag.StringVar(&o.vegeta, "vegeta", "", "path of vegeta")
	flag.IntVar(&o.rounds, "rounds", 5, "how often each is run")
	flag.IntVar(&o.requests, "requests", 100_000, "requests of authbench's run")
	flag.IntVar(&o.inFlight, "in-flight", 64, "requests at a time")
	flag.DurationVar(&o.over, "over", 4*time.Second, "how long the others run")
	flag.Parse()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "static:", err)
		os.Exit(1)
	}
}

type options struct {
	authbench, wrk, vegeta     string
	work                       string
	rounds, requests, inFlight int
	over                       time.Duration
}

func run(ctx context.Context, o options) error {
	work, err := os.MkdirTemp("", "authbench-static-")
	if err != nil {
		return err
	}
	o.work = work
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
	generators := o.generators()
	costs := make([]samples, len(generators))
	for range o.rounds {
		for i, g := range generators {
			s, err := measure(ctx, o, g, server)
			if err != nil {
				return fmt.Errorf("%s: %w", g.name, err)
			}
			costs[i] = append(costs[i], s)
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintln(w, "\tCPU-s for 10,000 requests\tits CPU / authbench's, by round\trequests/s")
	for i, g := range generators {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", g.name, costs[i].of(cpu, 3), costs[i].over(costs[0]), costs[i].of(perSecond, 0))
	}
	return nil
}

func measure(ctx context.Context, o options, g generator, server string) (sample, error) {
	null, err := pinned.Serve(ctx, server)
	if err != nil {
		return sample{}, err
	}
	defer null.Stop()
	out, diag, c, err := pinned.Run(g.command(ctx, o, null.Ready["base_url"]))
	if err != nil {
		return sample{}, fmt.Errorf("%w\n%s%s", err, out, diag)
	}
	n, err := g.requests(o, out)
	return sample{Cost: c, requests: n}, err
}
