package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// figures is what one generator took for one request.
type figures struct{ cpu, allocs, wall float64 }

// compare runs every client in every round, one after the other, so that what else the
// machine does falls on all of them.
func compare(o options) error {
	dir, err := os.MkdirTemp("", "bench-client")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	server := filepath.Join(dir, "null")
	if out, err := exec.Command("go", "build", "-o", server, "github.com/authbench/authbench/bench/null").CombinedOutput(); err != nil {
		return fmt.Errorf("build the null server: %w\n%s", err, out)
	}
	url, stop, err := serve(server)
	if err != nil {
		return err
	}
	defer stop()
	names := []string{"own", "fasthttp", "net/http"}
	got := map[string][]figures{}
	for range o.rounds {
		for _, name := range names {
			f, err := generator(name, url, o)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			got[name] = append(got[name], f)
		}
	}
	fmt.Printf("%d in flight, %d rounds of %d requests\n\n", o.workers, o.rounds, o.requests)
	fmt.Println("| client | CPU-s for 10,000 requests, median [min..max] | own / client, by round | allocations a request | requests a second |")
	fmt.Println("|---|---|---|---|---|")
	for _, name := range names {
		ratios := make([]float64, o.rounds)
		for i := range ratios {
			ratios[i] = got["own"][i].cpu / got[name][i].cpu
		}
		fmt.Printf("| %s | %s | %s | %.1f | %.0f |\n", name,
			spread(pick(got[name], func(f figures) float64 { return f.cpu * 1e4 }), 3), spread(ratios, 2),
			median(pick(got[name], func(f figures) float64 { return f.allocs })), 1/median(pick(got[name], func(f figures) float64 { return f.wall })))
	}
	return nil
}

// serve starts the null server on core 0.
func serve(binary string) (url string, stop func(), err error) {
	cmd := exec.Command("taskset", "-c", "0", binary)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	line, err := bufio.NewReader(out).ReadString('\n')
	_, url, found := strings.Cut(strings.TrimSpace(line), "base_url=")
	if err != nil || !found {
		stop()
		return "", nil, fmt.Errorf("the null server said %q: %w", line, err)
	}
	return url, stop, nil
}

// generator runs this program again, on core 1.
func generator(name, url string, o options) (figures, error) {
	self, err := os.Executable()
	if err != nil {
		return figures{}, err
	}
	cmd := exec.Command("taskset", "-c", "1", self, "-generate", name, "-url", url,
		"-requests", strconv.Itoa(o.requests), "-workers", strconv.Itoa(o.workers))
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return figures{}, err
	}
	var f figures
	_, err = fmt.Sscan(string(out), &f.cpu, &f.allocs, &f.wall)
	return f, err
}

func pick(all []figures, one func(figures) float64) []float64 {
	out := make([]float64, len(all))
	for i, f := range all {
		out[i] = one(f)
	}
	return out
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

func spread(v []float64, digits int) string {
	return fmt.Sprintf("%.*f [%.*f..%.*f]", digits, median(v), digits, slices.Min(v), digits, slices.Max(v))
}
