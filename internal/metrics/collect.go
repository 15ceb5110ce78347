package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// Collect implements [prometheus.Collector].
func (c *collector) Collect(out chan<- prometheus.Metric) {
	s := scrape{collector: c, out: out, total: c.source.Totals(), merged: make(map[sample]float64)}
	s.iterations()
	s.endpoints()
	s.deliveries()
	s.load()
	s.flush()
	s.histograms()
}

// scrape is one reading of a recorder.
type scrape struct {
	*collector
	out   chan<- prometheus.Metric
	total *stats.Totals
	// merged adds up what different names are counted under one label for.
	merged map[sample]float64
	order  []sample
}

// sample is a counter by its labels.
type sample struct {
	desc *prometheus.Desc
	n    int
	// labels are the first n.
	labels [3]string
}

func (s *scrape) count(desc *prometheus.Desc, n uint64, labels ...string) {
	key := sample{desc: desc, n: len(labels)}
	copy(key.labels[:], labels)
	if _, known := s.merged[key]; !known {
		s.order = append(s.order, key)
	}
	s.merged[key] += float64(n)
}

// flush sends the counters.
func (s *scrape) flush() {
	for _, key := range s.order {
		s.send(key.desc, prometheus.CounterValue, s.merged[key], key.labels[:key.n]...)
	}
}

func (s *scrape) send(desc *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
	m, err := prometheus.NewConstMetric(desc, kind, value, labels...)
	if err != nil {
		m = prometheus.NewInvalidMetric(desc, err)
	}
	s.out <- m
}

func (s *scrape) iterations() {
	for _, sc := range s.total.Iterations {
		for _, o := range result.Outcomes() {
			s.count(s.descs.iterations, sc.Counts.Of(o), sc.Scenario, o.String())
		}
	}
	for _, f := range s.total.Faults {
		s.count(s.descs.iterationFailures, f.Count, f.Scenario, f.Step, s.labels.reasons.of(string(f.Reason)))
	}
	for _, f := range s.total.TokenFaults {
		s.count(s.descs.tokenFaults, f.Count, f.Scenario, s.labels.tokenFaults.of(string(f.Fault)))
	}
}

func (s *scrape) endpoints() {
	var created, deleted uint64
	for _, e := range s.total.Endpoints {
		for _, t := range e.Codes {
			s.count(s.descs.requests, t.Count, e.Name, t.Name)
			if t.Name[0] != '2' {
				continue
			}
			if s.labels.createsUser.has(e.Name) {
				created += t.Count
			}
			if s.labels.deletesUser.has(e.Name) {
				deleted += t.Count
			}
		}
		for _, t := range e.Retries {
			s.count(s.descs.retries, t.Count, e.Name, s.labels.reasons.of(t.Name))
		}
		for _, t := range e.Errors {
			s.count(s.descs.apiErrors, t.Count, e.Name, s.labels.errorCodes.of(t.Name))
		}
	}
	s.count(s.descs.usersCreated, created)
	s.count(s.descs.usersDeleted, deleted)
}

func (s *scrape) deliveries() {
	for _, d := range s.total.Deliveries {
		for _, t := range d.Results {
			s.count(s.descs.deliveries, t.Count, s.labels.channels.of(d.Channel), deliveryResult(result.DeliveryResult(t.Name)))
		}
	}
	for _, t := range s.total.Inboxes {
		s.count(s.descs.inboxRequests, t.Count, t.Name, "success")
	}
	for _, t := range s.total.InboxFaults {
		s.count(s.descs.inboxRequests, t.Count, t.Name, "error")
	}
	for _, t := range s.total.Messages {
		s.count(s.descs.messages, t.Count, s.labels.channels.of(t.Name))
	}
}

func (s *scrape) load() {
	for _, t := range s.total.Drops {
		s.count(s.descs.dropped, t.Count, t.Name)
	}
	for _, t := range s.total.Backoffs {
		s.count(s.descs.backoffs, t.Count, s.labels.reasons.of(t.Name))
	}
	s.send(s.descs.target, prometheus.GaugeValue, s.total.Pulse.Wanted)
	s.send(s.descs.active, prometheus.GaugeValue, float64(s.total.Pulse.InFlight))
	s.send(s.descs.mostActive, prometheus.GaugeValue, float64(s.profile.MaxInFlight))
}
