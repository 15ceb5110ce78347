// Command inbox measures iterations that wait for a message in real time: each message is
// held back for a minute, so that the rate times 60 iterations wait at a time.
//
//	go run ./inbox
//
// It prints how many were in flight at most, the peak of resident memory and the CPU
// that it took. The emulator holds the messages back, as the latency of their delivery.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/bench/pinned"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	flag.StringVar(&o.authbench, "authbench", "", "path of authbench; empty builds it")
	flag.IntVar(&o.iterations, "iterations", 100_000, "how many iterations wait at a time")
	flag.DurationVar(&o.hold, "hold", time.Minute, "how long each message is held back")
	flag.Parse()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "inbox:", err)
		os.Exit(1)
	}
}

// inFlight is what a line of progress says; there is one every ten seconds.
var inFlight = regexp.MustCompile(`([0-9,]+) in flight`)

func mostInFlight(progress string) int {
	most := 0
	for _, m := range inFlight.FindAllStringSubmatch(progress, -1) {
		n, _ := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
		most = max(most, n)
	}
	return most
}

type options struct {
	authbench  string
	iterations int
	hold       time.Duration
}

func run(ctx context.Context, o options) error {
	work, err := os.MkdirTemp("", "authbench-inbox-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if o.authbench == "" {
		if o.authbench, err = pinned.Build(ctx, work, "authbench"); err != nil {
			return err
		}
	}
	e, err := pinned.Serve(ctx, o.authbench, "emulate", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer e.Stop()
	rate := float64(o.iterations) / o.hold.Seconds() // in flight at a time: rate times hold
	cmd := exec.CommandContext(ctx, o.authbench, "load", "inbox/inbox.hcl", "--json", "--target", e.Ready["base_url"], "--target-admin", e.Ready["admin_url"],
		"--var", "hold="+o.hold.String(), "--var", "rate="+strconv.FormatFloat(rate, 'f', -1, 64), "--var", "seconds="+strconv.Itoa(int(o.hold.Seconds())+5))
	cmd.Env = append(os.Environ(), "AUTHBENCH_ADMIN_TOKEN="+e.Ready["admin_token"])
	out, diag, cost, err := pinned.Run(cmd)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() < 0 {
		return ctx.Err()
	} else if err != nil && !ok {
		return err
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var last struct{ Summary *pinned.Summary }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Summary == nil {
		return fmt.Errorf("no summary: %w\n%s%s", err, out, diag)
	}
	sum := last.Summary
	fmt.Printf("%d of %d iterations went well, %d in flight at most, verdict %s\n", sum.Iterations.Success, sum.Iterations.Scheduled, mostInFlight(diag), sum.Verdict)
	for _, f := range sum.Failures {
		fmt.Printf("  %s\n", f)
	}
	fmt.Printf("peak memory %d MiB, CPU %.1f s of %.1f s\n", cost.Memory>>20, cost.CPU.Seconds(), cost.Wall.Seconds())
	return nil
}
