// Command sockets measures how many requests the emulator answers over sockets without
// signing, beside a net/http handler that does nothing. Both serve on one core with the
// same settings; the client has the other: 64 connections that each write a prepared
// request and read its answer, without a HTTP library.
//
//	go run ./sockets
//
// It prints requests a second, CPU of the server for a request, and both as shares of
// the empty handler, taken round by round. What counts is the share by CPU: it is the
// one by rate on a core that is busy with nothing else.
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
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
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
	names := []string{"empty handler", "me", "send"}
	rates, cpus := make([][]float64, 3), make([][]float64, 3)
	byRate, byCPU := make([][]float64, 3), make([][]float64, 3)
	for range rounds {
		got, err := round(ctx, authbench, self, work, conns, over)
		if err != nil {
			return err
		}
		for i, r := range got {
			rates[i] = append(rates[i], r.rate)
			cpus[i] = append(cpus[i], r.cpu)
			byRate[i] = append(byRate[i], 100*r.rate/got[0].rate)
			byCPU[i] = append(byCPU[i], 100*got[0].cpu/r.cpu)
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\trequests/s\tµs of CPU a request\t% of the empty handler, by rate\tby CPU")
	for i, name := range names {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", name, spread(rates[i], 0), spread(cpus[i], 1), spread(byRate[i], 0), spread(byCPU[i], 0))
	}
	return w.Flush()
}

// spread is the median with the least and the most.
func spread(all []float64, digits int) string {
	slices.Sort(all)
	f := func(v float64) string { return strconv.FormatFloat(v, 'f', digits, 64) }
	return fmt.Sprintf("%s [%s..%s]", f(all[len(all)/2]), f(all[0]), f(all[len(all)-1]))
}
