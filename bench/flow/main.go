// Command flow measures what the four-step flow costs a load generator: sign up or in,
// read the inbox, verify, ask for a change of the phone number. The emulator runs on
// one core and the generator on another, and each writes its metrics to a receiver that
// only takes them in. With -k6 the same flow is run by k6 in the same minutes, turn by
// turn, and told as a ratio.
//
//	go run ./flow -k6 "$(go env GOPATH)/bin/k6"
//
// It prints CPU-seconds for 10,000 requests of the flow, requests a second and peak
// memory of each generator: the median of the rounds and what lay between the least
// and the most. Traffic stays on this machine.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/bench/pinned"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	flag.StringVar(&o.k6, "k6", "", "path of k6; empty leaves it out")
	flag.StringVar(&o.authbench, "authbench", "", "path of authbench; empty builds it")
	flag.IntVar(&o.rounds, "rounds", 5, "how often each is run")
	flag.IntVar(&o.iterations, "iterations", 10_000, "iterations of a run, four steps each")
	inFlight := flag.String("in-flight", "64,1000", "how many iterations at a time, several separated by commas")
	flag.StringVar(&o.alg, "alg", "EdDSA", "signing algorithm of the emulator; the cheapest keeps the generators busy")
	flag.BoolVar(&o.metrics, "metrics", true, "both write their metrics to a receiver, by Prometheus remote write")
	flag.Parse()
	for _, text := range strings.Split(*inFlight, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			fatal(fmt.Errorf("-in-flight: %q is not a number above zero", text))
		}
		o.inFlight = append(o.inFlight, n)
	}
	if err := run(ctx, o); err != nil {
		fatal(err)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "flow:", err)
	os.Exit(1)
}

type options struct {
	authbench, k6, alg, sink string
	rounds, iterations       int
	inFlight                 []int
	metrics                  bool
}

func run(ctx context.Context, o options) error {
	work, err := os.MkdirTemp("", "authbench-flow-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if o.authbench == "" {
		if o.authbench, err = pinned.Build(ctx, work, "authbench"); err != nil {
			return err
		}
	}
	policy := filepath.Join(work, "policy.hcl")
	if err := os.WriteFile(policy, []byte("emulator {\n  signing_alg = \""+o.alg+"\"\n}\n"), 0o600); err != nil {
		return err
	}
	if o.metrics {
		receiver, err := pinned.Build(ctx, work, "./null")
		if err != nil {
			return err
		}
		sink, err := pinned.Serve(ctx, receiver)
		if err != nil {
			return err
		}
		defer sink.Stop()
		o.sink = sink.Ready["base_url"] + "/api/v1/write"
	}
	generators := []generator{authbench{o.authbench}}
	if o.k6 != "" {
		generators = append(generators, k6{o.k6})
	}
	began := time.Now()
	for _, n := range o.inFlight {
		sums := make([]samples, len(generators))
		for round := range o.rounds {
			for i, g := range generators {
				fmt.Fprintf(os.Stderr, "\r\x1b[2K%d in flight, round %d of %d: %s", n, round+1, o.rounds, g.name())
				cost, err := measure(ctx, o, g, policy, n, round)
				if err != nil {
					return fmt.Errorf("%s, %d in flight: %w", g.name(), n, err)
				}
				sums[i] = append(sums[i], cost)
			}
		}
		fmt.Fprint(os.Stderr, "\r\x1b[2K")
		table(n, generators, sums)
	}
	fmt.Printf("\n%d rounds of %d iterations each, %s, %s\n", o.rounds, o.iterations, o.alg, time.Since(began).Round(time.Second))
	return nil
}

// measure runs a generator once against a fresh emulator.
func measure(ctx context.Context, o options, g generator, policy string, inFlight, round int) (cost, error) {
	e, err := pinned.Serve(ctx, o.authbench, "emulate", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--config", policy)
	if err != nil {
		return cost{}, err
	}
	defer e.Stop()
	out, diag, c, err := pinned.Run(g.command(ctx, e, job{iterations: o.iterations, inFlight: inFlight, name: fmt.Sprintf("r%d", round), alg: o.alg, sink: o.sink}))
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return cost{}, fmt.Errorf("exit %d:\n%s%s", exit.ExitCode(), out, diag)
	} else if err != nil {
		return cost{}, err
	}
	t, err := g.tally(out)
	if err != nil {
		return cost{}, fmt.Errorf("%w in %q", err, out)
	}
	if t.iterations != o.iterations || t.bad > 0 {
		return cost{}, fmt.Errorf("%d of %d iterations, %d bad", t.iterations, o.iterations, t.bad)
	}
	return cost{Cost: c, steps: 4 * o.iterations}, nil
}
