package plan

// cost is what one iteration, or one making of a fixture, sends: on the average over the
// scenarios of a mix. Repetitions by retry and poll come on top.
type cost struct {
	requests, messages float64
	channels           map[string]float64
	providers          map[*Provider]*providerCost
}

type providerCost struct {
	requests, messages float64
	// classes are the requests by class.
	classes map[string]float64
}

// costOf adds up the steps of a scenario. Those that are known to be skipped are left out.
func costOf(sc *Scenario) *cost {
	c := newCost()
	for s := range sc.Steps() {
		if s.Skipped() {
			continue
		}
		n, channel := float64(len(s.Routes())), s.Channel()
		c.requests += n
		if channel != "" {
			c.channels[channel]++
			c.messages++
		}
		if s.Provider == nil {
			continue
		}
		pc := c.provider(s.Provider)
		pc.requests += n
		pc.classes[s.class()] += n
		if channel != "" {
			pc.messages++
		}
	}
	return c
}

func newCost() *cost {
	return &cost{channels: map[string]float64{}, providers: map[*Provider]*providerCost{}}
}

func (c *cost) provider(p *Provider) *providerCost {
	if c.providers[p] == nil {
		c.providers[p] = &providerCost{classes: map[string]float64{}}
	}
	return c.providers[p]
}

// add adds a part of another cost.
func (c *cost) add(other *cost, part float64) {
	c.requests += part * other.requests
	c.messages += part * other.messages
	for name, n := range other.channels {
		c.channels[name] += part * n
	}
	for p, of := range other.providers {
		pc := c.provider(p)
		pc.requests += part * of.requests
		pc.messages += part * of.messages
		for class, n := range of.classes {
			pc.classes[class] += part * n
		}
	}
}

// parts gives the part of each instance of the mix, in order; they add up to 1.
func (l *Load) parts(visit func(sc *Scenario, part float64)) {
	total := 0.0
	for i := range l.Mix {
		total += l.Mix[i].Weight
	}
	for i := range l.Mix {
		share := &l.Mix[i]
		for _, sc := range share.Scenarios {
			visit(sc, share.Weight/total/float64(len(share.Scenarios)))
		}
	}
}

// cost is that of a mean iteration.
func (l *Load) cost() *cost {
	c := newCost()
	l.parts(func(sc *Scenario, part float64) { c.add(costOf(sc), part) })
	return c
}

// class is the class of requests of the step's kind.
func (s *Step) class() string { return s.Kind.Class }
