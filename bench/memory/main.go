// Command memory measures what an iteration takes that waits: all that the process holds
// at its peak, with few and with many of them, and the difference for one.
//
//	go run ./memory
//
// It counts resident memory, so the room that the garbage collector keeps free is among
// it. `go test -bench Parked ./internal/runner` counts what is in use alone.
//
// Without a connection an iteration waits in a pause. With one, it waits for an answer
// that the server holds back, on a connection of its own.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/authbench/authbench/bench/pinned"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	flag.StringVar(&o.authbench, "authbench", "", "path of authbench; empty builds it")
	flag.IntVar(&o.rounds, "rounds", 3, "how often each is run")
	flag.IntVar(&o.few, "few", 1000, "iterations of the small run")
	flag.IntVar(&o.many, "many", 8000, "iterations of the large run; each may need a descriptor")
	flag.Parse()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "memory:", err)
		os.Exit(1)
	}
}

type options struct {
	authbench         string
	rounds, few, many int
}

func run(ctx context.Context, o options) error {
	work, err := os.MkdirTemp("", "authbench-memory-")
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
	fmt.Fprintf(w, "\tKiB an iteration\tMiB with %d\tMiB with %d\n", o.few, o.many)
	for _, name := range []string{"parked", "connected"} {
		var each, few, many []float64
		for range o.rounds {
			small, err := peak(ctx, o, server, name, o.few)
			if err != nil {
				return err
			}
			large, err := peak(ctx, o, server, name, o.many)
			if err != nil {
				return err
			}
			few, many = append(few, float64(small)/(1<<20)), append(many, float64(large)/(1<<20))
			each = append(each, float64(large-small)/float64(o.many-o.few)/(1<<10))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", name, spread(each), spread(few), spread(many))
	}
	return nil
}

// peak is the most memory of a run in which so many wait at a time.
func peak(ctx context.Context, o options, server, name string, iterations int) (int64, error) {
	// Answers come at the end of every five seconds, all at once.
	null, err := pinned.Serve(ctx, server, "-stall-every", "5s", "-stall-for", "5s")
	if err != nil {
		return 0, err
	}
	defer null.Stop()
	vars := []string{"iterations=" + strconv.Itoa(iterations)}
	if name == "connected" {
		vars = append(vars, "base_url="+null.Ready["base_url"])
	}
	sum, cost, err := pinned.Load(ctx, o.authbench, "memory/"+name+".hcl", vars...)
	if err != nil {
		return 0, err
	}
	if sum.Iterations.Success != iterations {
		return 0, fmt.Errorf("%s: %d of %d iterations went well", name, sum.Iterations.Success, iterations)
	}
	return cost.Memory, nil
}

func spread(all []float64) string {
	slices.Sort(all)
	return fmt.Sprintf("%.1f [%.1f..%.1f]", all[len(all)/2], all[0], all[len(all)-1])
}
