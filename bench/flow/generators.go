package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/authbench/authbench/bench/pinned"
)

// job is what a generator is to do.
type job struct {
	iterations, inFlight int
	name, alg            string
	// sink is where metrics go by Prometheus remote write; empty for nowhere.
	sink string
}

// tally is what it says it did.
type tally struct{ iterations, bad int }

// generator is a program that drives the flow.
type generator interface {
	name() string
	command(ctx context.Context, e *pinned.Server, j job) *exec.Cmd
	tally(out string) (tally, error)
}

type authbench struct{ path string }

func (authbench) name() string { return "authbench" }

func (a authbench) command(ctx context.Context, e *pinned.Server, j job) *exec.Cmd {
	cmd := exec.CommandContext(ctx, a.path, "load", "flow/flow.hcl", "--json", "--target", e.Ready["base_url"], "--target-admin", e.Ready["admin_url"],
		"--var", "iterations="+strconv.Itoa(j.iterations), "--var", "in_flight="+strconv.Itoa(j.inFlight), "--var", "run="+j.name, "--var", "signing_alg="+j.alg)
	if j.sink != "" {
		cmd.Args = append(cmd.Args, "--remote-write", j.sink)
	}
	cmd.Env = append(os.Environ(), "AUTHBENCH_ADMIN_TOKEN="+e.Ready["admin_token"])
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

func (k k6) command(ctx context.Context, e *pinned.Server, j job) *exec.Cmd {
	cmd := exec.CommandContext(ctx, k.path, "run", "--quiet", "--no-usage-report")
	if j.sink != "" {
		cmd.Args = append(cmd.Args, "--out", "experimental-prometheus-rw")
	}
	cmd.Args = append(cmd.Args, "flow/k6.js")
	cmd.Env = append(os.Environ(), "BASE_URL="+e.Ready["base_url"], "ADMIN_URL="+e.Ready["admin_url"], "PROJECT_ID="+e.Ready["project_id"],
		"ADMIN_TOKEN="+e.Ready["admin_token"], "RUN="+j.name, "IN_FLIGHT="+strconv.Itoa(j.inFlight), "ITERATIONS="+strconv.Itoa(j.iterations),
		"K6_PROMETHEUS_RW_SERVER_URL="+j.sink, "K6_PROMETHEUS_RW_TREND_STATS=p(50),p(95),p(99),max")
	return cmd
}

func (k6) tally(out string) (tally, error) {
	var sum struct{ Iterations, Failed int }
	err := json.Unmarshal([]byte(out), &sum)
	return tally{sum.Iterations, sum.Failed}, err
}
