package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/authbench/authbench/bench/pinned"
)

// cost is what one run took.
type cost struct {
	pinned.Cost
	steps int
}

type samples []cost

// figure is a median with what lay between the least and the most.
type figure struct{ least, median, most float64 }

func (s samples) of(f func(cost) float64) figure {
	all := make([]float64, len(s))
	for i, c := range s {
		all[i] = f(c)
	}
	slices.SortFunc(all, cmp.Compare[float64])
	return figure{all[0], all[len(all)/2], all[len(all)-1]}
}

func cpuFor10k(c cost) float64 { return c.CPU.Seconds() / float64(c.steps) * 10_000 }
func perSecond(c cost) float64 { return float64(c.steps) / c.Wall.Seconds() }
func mebibytes(c cost) float64 { return float64(c.Memory) / (1 << 20) }

func table(inFlight int, generators []generator, sums []samples) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\n%d in flight\tCPU-s for 10,000 steps\tsteps/s\tpeak MiB\n", inFlight)
	for i, g := range generators {
		cpu, rate, memory := sums[i].of(cpuFor10k), sums[i].of(perSecond), sums[i].of(mebibytes)
		fmt.Fprintf(w, "%s\t%.3f [%.3f..%.3f]\t%.0f [%.0f..%.0f]\t%.0f [%.0f..%.0f]\n", g.name(),
			cpu.median, cpu.least, cpu.most, rate.median, rate.least, rate.most, memory.median, memory.least, memory.most)
	}
	_ = w.Flush()
	if len(sums) < 2 {
		return
	}
	// Round by round, so that what the machine did in a minute falls on both.
	ratios := make(samples, len(sums[0]))
	for i := range ratios {
		ratios[i] = cost{Cost: pinned.Cost{CPU: time.Duration(float64(sums[1][i].CPU) / float64(sums[0][i].CPU) * 1e9)}}
	}
	r := ratios.of(func(c cost) float64 { return c.CPU.Seconds() })
	fmt.Printf("CPU %s / %s: %.1f [%.1f..%.1f]\n", generators[1].name(), generators[0].name(), r.median, r.least, r.most)
}
