// Command sockets measures how many requests the emulator answers over sockets without
// signing, beside a net/http handler that does nothing. Both serve on one core with the
// same settings; the client has the other: 64 connections that each write a prepared
// request and read its answer, without a HTTP library.
//
//	go run ./sockets
//
// It prints requests a second and CPU of the server for a request, and both as shares of the
// empty handler that gets the same request, taken round by round: what net/http takes to
// read it is not the emulator's. Shares of the least that the empty handler takes, GET /
// without anything, stand beside them. What counts is the share by CPU: it is the one by
// rate on a core that is busy with nothing else.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/authbench/authbench/bench/pinned"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	authbench := flag.String("authbench", "", "path of authbench; empty builds it")
	rounds := flag.Int("rounds", 5, "how often each is measured")
	over := flag.Duration("over", 2*time.Second, "how long")
	conns := flag.Int("connections", 64, "how many at a time")
	empty := flag.Bool("empty", false, "serve the empty handler, for the command itself")
	flag.Parse()
	err := serveEmpty
	if !*empty {
		err = func() error { return run(ctx, *authbench, *rounds, *conns, *over) }
	}
	if err := err(); err != nil {
		fmt.Fprintln(os.Stderr, "sockets:", err)
		os.Exit(1)
	}
}

// serveEmpty has the bounds of a listener of the emulator.
func serveEmpty() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("ready base_url=http://%s\n", l.Addr())
	s := &http.Server{
		Handler:           http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 5 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	return s.Serve(l)
}

func run(ctx context.Context, authbench string, rounds, conns int, over time.Duration) error {
	work, err := os.MkdirTemp("", "authbench-sockets-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if authbench == "" {
		if authbench, err = pinned.Build(ctx, work, "authbench"); err != nil {
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	runtime.GOMAXPROCS(1)
	if out, err := exec.CommandContext(ctx, "taskset", "-acp", "0", strconv.Itoa(os.Getpid())).CombinedOutput(); err != nil {
		return fmt.Errorf("taskset: %w: %s", err, out)
	}
	var least column
	calls := make([]row, 2)
	for range rounds {
		floor, got, err := round(ctx, authbench, self, work, conns, over)
		if err != nil {
			return err
		}
		least.add(floor)
		for i, p := range got {
			calls[i].empty.add(p.empty)
			calls[i].emulator.add(p.emulator)
			calls[i].same.add(p.emulator.of(p.empty))
			calls[i].least.add(p.emulator.of(floor))
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\trequests/s\tµs of CPU a request\t% of the empty handler, by rate\tby CPU\t% of its GET /, by rate\tby CPU")
	fmt.Fprintf(w, "empty handler, GET /\t%s\t\t\t\t\n", least.text(1))
	for i, name := range []string{"me", "send"} {
		r := &calls[i]
		fmt.Fprintf(w, "empty handler, as %s\t%s\t\t\t\t\n", name, r.empty.text(1))
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", name, r.emulator.text(1), r.same.text(0), r.least.text(0))
	}
	return w.Flush()
}

// row is what several rounds gave for a call: what it takes, and as shares of the empty
// handler that gets the same request, and the least that it can get.
type row struct{ empty, emulator, same, least column }

type column struct{ rates, cpus []float64 }

func (c *column) add(r result) {
	c.rates, c.cpus = append(c.rates, r.rate), append(c.cpus, r.cpu)
}

func (c *column) text(digits int) string { return spread(c.rates, 0) + "\t" + spread(c.cpus, digits) }

// spread is the median with the least and the most.
func spread(all []float64, digits int) string {
	slices.Sort(all)
	f := func(v float64) string { return strconv.FormatFloat(v, 'f', digits, 64) }
	return fmt.Sprintf("%s [%s..%s]", f(all[len(all)/2]), f(all[0]), f(all[len(all)-1]))
}
