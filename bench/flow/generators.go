package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// job is what a generator is to do.
type job struct {
	iterations, inFlight int
	name                 string
}

// tally is what it says it did.
type tally struct{ iterations, bad int }

// generator is a program that drives the flow.
type generator interface {
	name() string
	command(ctx context.Context, e *emulator, j job) *exec.Cmd
	tally(out string) (tally, error)
}

type authbench struct{ path string }

func (authbench) name() string { return "authbench" }

func (a authbench) command(ctx context.Context, e *emulator, j job) *exec.Cmd {
	cmd := exec.CommandContext(ctx, a.path, "load", "flow/flow.hcl", "--json", "--target", e.ready["base_url"], "--target-admin", e.ready["admin_url"],
		"--var", "iterations="+strconv.Itoa(j.iterations), "--var", "in_flight="+strconv.Itoa(j.inFlight), "--var", "run="+j.name)
	cmd.Env = append(os.Environ(), "AUTHBENCH_ADMIN_TOKEN="+e.ready["admin_token"])
	return cmd
}

func (authbench) tally(out string) (tally, error) {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var last struct {
		Summary struct {
			Iterations struct{ Scheduled, Success int }
		}
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		return tally{}, err
	}
	n := last.Summary.Iterations
	return tally{n.Scheduled, n.Scheduled - n.Success}, nil
}

type k6 struct{ path string }

func (k6) name() string { return "k6" }

func (k k6) command(ctx context.Context, e *emulator, j job) *exec.Cmd {
	cmd := exec.CommandContext(ctx, k.path, "run", "--quiet", "--no-usage-report", "flow/k6.js")
	cmd.Env = append(os.Environ(), "BASE_URL="+e.ready["base_url"], "ADMIN_URL="+e.ready["admin_url"], "PROJECT_ID="+e.ready["project_id"],
		"ADMIN_TOKEN="+e.ready["admin_token"], "RUN="+j.name, "IN_FLIGHT="+strconv.Itoa(j.inFlight), "ITERATIONS="+strconv.Itoa(j.iterations))
	return cmd
}

func (k6) tally(out string) (tally, error) {
	var sum struct{ Iterations, Failed int }
	err := json.Unmarshal([]byte(out), &sum)
	return tally{sum.Iterations, sum.Failed}, err
}

// emulator is an emulator in a process of its own, on the second core.
type emulator struct {
	cmd *exec.Cmd
	// ready are the addresses and keys that it printed.
	ready map[string]string
}

func startEmulator(ctx context.Context, path, policy string) (*emulator, error) {
	cmd := exec.CommandContext(ctx, "taskset", "-c", "1", path, "emulate", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--config", policy)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the emulator: %w", err)
	}
	e := &emulator{cmd: cmd, ready: map[string]string{}}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		e.stop()
		return nil, errors.New("the emulator did not become ready")
	}
	for _, word := range strings.Fields(line) {
		if name, value, ok := strings.Cut(word, "="); ok {
			e.ready[name] = value
		}
	}
	return e, nil
}

func (e *emulator) stop() {
	_ = e.cmd.Process.Signal(syscall.SIGTERM)
	_ = e.cmd.Wait()
}

// peak is the most memory that a process held, in bytes.
func peak(state *os.ProcessState) int64 {
	if u, ok := state.SysUsage().(*syscall.Rusage); ok {
		return u.Maxrss << 10
	}
	return 0
}
