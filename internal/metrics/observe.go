package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/authbench/authbench/internal/result"
)

// Observe counts one iteration. It keeps nothing of it.
func (m *Metrics) Observe(it *result.Iteration) {
	c := m.scenario(it.Scenario)
	if n := c.iterations[it.Outcome]; n != nil {
		n.Inc()
	}
	switch it.Outcome {
	case result.Success:
		c.success.Observe(it.Duration.Seconds())
	case result.Failure:
		c.failure.Observe(it.Duration.Seconds())
	}
	if it.Outcome == result.Failure || it.Outcome == result.Error {
		m.families.iterationFailures.WithLabelValues(c.name, it.Step, m.labels.reasons.of(string(it.Reason))).Inc()
	}
	for i := range it.Steps {
		m.observeStep(c, &it.Steps[i])
	}
}

func (m *Metrics) observeStep(c *scenarioChildren, s *result.Step) {
	if s.Duration > 0 {
		m.step(c, s.Name).Observe(s.Duration.Seconds())
	}
	for i := range s.Exchanges {
		m.observeExchange(&s.Exchanges[i])
		if i == 0 || s.Exchanges[i].Attempt <= s.Exchanges[i-1].Attempt {
			continue
		}
		if why := s.Exchanges[i-1].Cause(); why != result.ReasonNone {
			m.families.retries.WithLabelValues(s.Exchanges[i].Endpoint, m.labels.reasons.of(string(why))).Inc()
		}
	}
	if s.Sent != "" {
		m.families.messages.WithLabelValues(m.labels.channels.of(s.Sent)).Inc()
	}
	if s.Delivery != nil {
		m.observeDelivery(s.Delivery)
	}
	if s.TokenFault != "" {
		m.families.tokenFaults.WithLabelValues(c.name, m.labels.tokenFaults.of(string(s.TokenFault))).Inc()
	}
	for kind, d := range s.TokenLifetimes.All() {
		m.families.tokenLifetimes.WithLabelValues(c.name, m.labels.tokenKinds.of(kind)).Set(d.Seconds())
	}
}

func (m *Metrics) observeExchange(x *result.Exchange) {
	c := m.endpoint(x.Endpoint)
	m.code(c, x.Status).Inc()
	happened(c.resolve, x.Phases.Resolve)
	happened(c.connect, x.Phases.Connect)
	happened(c.tls, x.Phases.TLS)
	happened(c.processing, x.Phases.Processing)
	happened(c.transfer, x.Phases.Transfer)
	if x.ErrorCode != "" {
		m.families.apiErrors.WithLabelValues(c.name, m.labels.errorCodes.of(x.ErrorCode)).Inc()
	}
	if x.Status/100 == 2 {
		if m.labels.createsUser.has(x.Endpoint) {
			m.families.usersCreated.Inc()
		}
		if m.labels.deletesUser.has(x.Endpoint) {
			m.families.usersDeleted.Inc()
		}
	}
}

func happened(o prometheus.Observer, d time.Duration) {
	if d > 0 {
		o.Observe(d.Seconds())
	}
}

func (m *Metrics) observeDelivery(d *result.Delivery) {
	channel := m.labels.channels.of(d.Channel)
	m.families.deliveries.WithLabelValues(channel, deliveryResult(d.Result)).Inc()
	if d.Result == result.Delivered || d.Result == result.DeliveryLate {
		m.families.deliveryDuration.WithLabelValues(channel).Observe(d.Duration.Seconds())
	}
	failed := min(max(d.Failed, 0), max(d.Requests, 0))
	m.families.inboxRequests.WithLabelValues(d.Inbox, "success").Add(float64(max(d.Requests, 0) - failed))
	m.families.inboxRequests.WithLabelValues(d.Inbox, "error").Add(float64(failed))
}
