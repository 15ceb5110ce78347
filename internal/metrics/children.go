package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/authbench/authbench/internal/result"
)

// children are the metrics of label values that were met: looking one up by its
// labels costs ten times what counting does.
type children struct {
	scenarios map[string]*scenarioChildren
	endpoints map[string]*endpointChildren
}

type scenarioChildren struct {
	name             string
	iterations       map[result.Outcome]prometheus.Counter
	success, failure prometheus.Observer
	steps            map[string]prometheus.Observer
}

type endpointChildren struct {
	name                                        string
	codes                                       map[int]prometheus.Counter
	resolve, connect, tls, processing, transfer prometheus.Observer
}

func newChildren() children {
	return children{scenarios: make(map[string]*scenarioChildren), endpoints: make(map[string]*endpointChildren)}
}

// scenario gives the children of a scenario; all its results exist from then on.
func (m *Metrics) scenario(name string) *scenarioChildren {
	c := m.children.scenarios[name]
	if c == nil {
		c = &scenarioChildren{
			name:       name,
			iterations: make(map[result.Outcome]prometheus.Counter),
			success:    m.families.iterationDuration.WithLabelValues(name, result.Success.String()),
			failure:    m.families.iterationDuration.WithLabelValues(name, result.Failure.String()),
			steps:      make(map[string]prometheus.Observer),
		}
		for _, o := range result.Outcomes() {
			c.iterations[o] = m.families.iterations.WithLabelValues(name, o.String())
		}
		m.children.scenarios[name] = c
	}
	return c
}

func (m *Metrics) step(c *scenarioChildren, name string) prometheus.Observer {
	o := c.steps[name]
	if o == nil {
		o = m.families.stepDuration.WithLabelValues(c.name, name)
		c.steps[name] = o
	}
	return o
}

func (m *Metrics) endpoint(name string) *endpointChildren {
	c := m.children.endpoints[name]
	if c == nil {
		phase := func(p string) prometheus.Observer { return m.families.phases.WithLabelValues(name, p) }
		c = &endpointChildren{
			name: name, codes: make(map[int]prometheus.Counter),
			resolve: phase("resolve"), connect: phase("connect"), tls: phase("tls"),
			processing: phase("processing"), transfer: phase("transfer"),
		}
		m.children.endpoints[name] = c
	}
	return c
}

func (m *Metrics) code(c *endpointChildren, status int) prometheus.Counter {
	counter := c.codes[status]
	if counter == nil {
		counter = m.families.requests.WithLabelValues(c.name, statusLabel(status))
		c.codes[status] = counter
	}
	return counter
}
