// Package metrics turns results into Prometheus metrics. It is the one package
// that knows the Prometheus client.
//
// [New] makes all families with their fixed label sets, [Metrics.Observe] takes one
// iteration, [Metrics.Finish] the summary of a run. The numbers leave by
// [Exposition]. [NewLoad] is the same for load runs: nothing is counted here then, a
// recorder of [stats] is read at each scrape. No label ever holds what a target made
// up: a value outside its set is counted as "other".
package metrics

import (
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/authbench/authbench/internal/stats"
)

// Options says what the metrics are of.
type Options struct {
	// Mode is the value of the label that every family of ours has: test, monitor or load.
	Mode string
	// Version and Revision are the program's.
	Version, Revision string
	// Cases are the scenario instances that can run. Their counters exist from the
	// start, so that a first failure is an increase.
	Cases []stats.Case
	// ErrorCodes are the API's codes that are counted by name.
	ErrorCodes []string
	// CreatesUser and DeletesUser are the endpoints whose success makes or takes away
	// one user.
	CreatesUser, DeletesUser []string
	// Pedantic checks the consistency of every metric at every scrape. It is for tests.
	Pedantic bool
}

// Metrics holds the numbers of one process. Observe and Finish are for one
// goroutine; everything else may be used at the same time by many.
type Metrics struct {
	Exposition
	families families
	labels   labels
	children children
}

// New makes the metrics, all of them zero.
func New(o Options) *Metrics {
	registry, ours := newRegistry(o)
	m := &Metrics{Exposition: Exposition{registry}, families: newFamilies(ours), labels: newLabels(o), children: newChildren()}
	m.families.buildInfo.WithLabelValues(o.Version, o.Revision, runtime.Version()).Set(1)
	for _, c := range o.Cases {
		m.scenario(c.Scenario)
		m.suite(c.Suite)
	}
	return m
}

// newRegistry makes a registry with what every process tells of itself. All that is
// registered with ours has the labels of the run.
func newRegistry(o Options) (registry *prometheus.Registry, ours prometheus.Registerer) {
	registry = prometheus.NewRegistry()
	if o.Pedantic {
		registry = prometheus.NewPedanticRegistry()
	}
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return registry, prometheus.WrapRegistererWith(prometheus.Labels{"mode": o.Mode}, registry)
}
