package metrics

import (
	"runtime"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/authbench/authbench/internal/stats"
)

// Load gives the metrics of a load run. It counts nothing: each scrape reads the
// recorder, warm-up included.
type Load struct {
	Exposition
}

// NewLoad makes the metrics of a run that source records. Of the options Cases is not
// needed: the recorder knows what can run.
func NewLoad(o Options, source *stats.Recorder, profile stats.Profile) *Load {
	registry, ours := newRegistry(o)
	// These are made for their descriptions, which are those of the other modes.
	f := newFamilies(prometheus.NewRegistry())
	f.buildInfo.WithLabelValues(o.Version, o.Revision, runtime.Version()).Set(1)
	ours.MustRegister(f.buildInfo, &collector{
		source: source, profile: profile, labels: newLabels(o), descs: newLoadDescs(&f),
	})
	return &Load{Exposition{registry}}
}

// collector reads a recorder whenever it is asked to.
type collector struct {
	source  *stats.Recorder
	profile stats.Profile
	labels  labels
	descs   loadDescs
}

// loadDescs describe the families of a load run.
type loadDescs struct {
	iterations, iterationFailures                    *prometheus.Desc
	requests, retries, apiErrors                     *prometheus.Desc
	deliveries, inboxRequests, messages, tokenFaults *prometheus.Desc
	usersCreated, usersDeleted                       *prometheus.Desc
	target, active, mostActive, dropped, backoffs    *prometheus.Desc
	histograms                                       map[stats.Measure]*prometheus.Desc
}

func newLoadDescs(f *families) loadDescs {
	r := prometheus.NewRegistry()
	delay := histogram(r, "schedule_delay_seconds", "Actual start of an iteration minus the one that the schedule intended.",
		seconds(stats.Bounds(stats.MeasureLateness)))
	limiter := histogram(r, "load_limiter_wait_seconds", "Time that requests waited for a limit of the provider block.",
		seconds(stats.Bounds(stats.MeasureLimiter)), "limit")
	return loadDescs{
		iterations: desc(f.iterations), iterationFailures: desc(f.iterationFailures),
		requests: desc(f.requests), retries: desc(f.retries), apiErrors: desc(f.apiErrors),
		deliveries: desc(f.deliveries), inboxRequests: desc(f.inboxRequests), messages: desc(f.messages), tokenFaults: desc(f.tokenFaults),
		usersCreated: desc(f.usersCreated), usersDeleted: desc(f.usersDeleted),
		target:     desc(gauge(r, "load_target_iterations_per_second", "Rate of the schedule.")),
		active:     desc(gauge(r, "load_active_iterations", "Iterations in flight, those that wait included.")),
		mostActive: desc(gauge(r, "load_max_active_iterations", "How many iterations may be in flight.")),
		dropped:    desc(counter(r, "load_dropped_iterations_total", "Iterations that were due and never started, by reason.", "reason")),
		backoffs:   desc(counter(r, "load_backoffs_total", "Times that requests were held back because the target asked for it.", "reason")),
		histograms: map[stats.Measure]*prometheus.Desc{
			stats.MeasureIteration: desc(f.iterationDuration), stats.MeasureStep: desc(f.stepDuration),
			stats.MeasurePhase: desc(f.phases), stats.MeasureDelivery: desc(f.deliveryDuration),
			stats.MeasureLateness: desc(delay), stats.MeasureLimiter: desc(limiter),
		},
	}
}

// desc gives the description of a family that has one.
func desc(c prometheus.Collector) *prometheus.Desc {
	all := make(chan *prometheus.Desc, 1)
	c.Describe(all)
	return <-all
}

// Describe implements [prometheus.Collector].
func (c *collector) Describe(out chan<- *prometheus.Desc) {
	d := &c.descs
	for _, desc := range []*prometheus.Desc{
		d.iterations, d.iterationFailures, d.requests, d.retries, d.apiErrors, d.deliveries, d.inboxRequests, d.messages,
		d.tokenFaults, d.usersCreated, d.usersDeleted, d.target, d.active, d.mostActive, d.dropped, d.backoffs,
		d.histograms[stats.MeasureIteration], d.histograms[stats.MeasureStep], d.histograms[stats.MeasurePhase],
		d.histograms[stats.MeasureDelivery], d.histograms[stats.MeasureLateness], d.histograms[stats.MeasureLimiter],
	} {
		out <- desc
	}
}
