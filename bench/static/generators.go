package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// generator is a program that sends the request.
type generator struct {
	name    string
	command func(ctx context.Context, o options, url string) *exec.Cmd
	// requests reads how many it sent from what it printed.
	requests func(o options, out string) (int, error)
}

// generators are those that were given, authbench first.
func (o options) generators() []generator {
	all := []generator{{"authbench", authbench, func(o options, _ string) (int, error) { return o.requests, nil }}}
	if o.wrk != "" {
		all = append(all, generator{"wrk", wrk, wrkRequests})
	}
	if o.vegeta != "" {
		all = append(all, generator{"vegeta", vegeta, vegetaRequests})
	}
	return all
}

// authbench fails when one request did.
func authbench(ctx context.Context, o options, url string) *exec.Cmd {
	return exec.CommandContext(ctx, o.authbench, "load", "static/static.hcl", "--json", "--var", "base_url="+url,
		"--var", "iterations="+strconv.Itoa(o.requests), "--var", "in_flight="+strconv.Itoa(o.inFlight))
}

func wrk(ctx context.Context, o options, url string) *exec.Cmd {
	return exec.CommandContext(ctx, o.wrk, "-t1", "-c"+strconv.Itoa(o.inFlight), "-d"+strconv.Itoa(int(o.over.Seconds()))+"s", "-s", "static/static.lua", url)
}

func wrkRequests(_ options, out string) (int, error) {
	found := regexp.MustCompile(`(\d+) requests in`).FindStringSubmatch(out)
	if found == nil || strings.Contains(out, "Non-2xx") {
		return 0, fmt.Errorf("it said %q", out)
	}
	return strconv.Atoi(found[1])
}

// vegeta attacks without a rate, in so many workers. What it sent is counted afterwards,
// by another process that is not measured.
func vegeta(ctx context.Context, o options, url string) *exec.Cmd {
	target := map[string]any{
		"method": "POST", "url": url + "/v1/auth/magiclink/signup-in/email",
		"header": map[string][]string{"Authorization": {"Bearer P2abcdefghijklmnopqrstuvwxyz"}, "Content-Type": {"application/json"}},
		"body":   base64.StdEncoding.EncodeToString([]byte(`{"loginId":"load-000001@example.test","redirectUrl":"https://app.example.test/verify"}`)),
	}
	text, _ := json.Marshal(target) // maps of texts
	n := strconv.Itoa(o.inFlight)
	cmd := exec.CommandContext(ctx, o.vegeta, "attack", "-format=json", "-rate=0", "-workers="+n, "-max-workers="+n, "-connections="+n,
		"-duration="+o.over.String(), "-output="+o.attack())
	cmd.Stdin = strings.NewReader(string(text) + "\n")
	return cmd
}

// attack is where vegeta leaves its results.
func (o options) attack() string { return filepath.Join(o.work, "attack.bin") }

func vegetaRequests(o options, _ string) (int, error) {
	out, err := exec.Command(o.vegeta, "report", "-type=json", o.attack()).Output()
	if err != nil {
		return 0, fmt.Errorf("vegeta report: %w", err)
	}
	var report struct {
		Requests int     `json:"requests"`
		Success  float64 `json:"success"`
	}
	if err := json.Unmarshal(out, &report); err != nil || report.Success != 1 {
		return 0, fmt.Errorf("it said %q: %w", out, err)
	}
	return report.Requests, nil
}
