package stats

import (
	"slices"
	"sync"
	"time"

	"github.com/authbench/authbench/internal/result"
)

// registry gives series, cells, endpoints and channels their places. What a profile
// declares has its place from the start and is found without a lock; what a target or
// a scenario brings up later gets one when it is first met. Places never change.
type registry struct {
	scenarios map[string]*scenarioPlaces // read only after newRegistry

	mu        sync.RWMutex
	late      map[string]*scenarioPlaces
	lateSteps map[lateStep]*stepPlaces
	series    []SeriesKey
	seriesAt  map[SeriesKey]int
	cells     []cellSpec
	endpoints []*endpointPlaces
	channels  []*channelPlaces
	limits    []*limitPlaces
}

// cellSpec says what a cell is part of. outcome is set for the cells of iterations,
// which metrics tell apart.
type cellSpec struct {
	series  int
	outcome result.Outcome
	bounds  []time.Duration
	// whole tells that it is not kept by the second.
	whole bool
}

type scenarioPlaces struct {
	name             string
	response, wait   int // cells
	success, failure int // cells of iterations
	iterations       int // series
	steps            []*stepPlaces
}

type stepPlaces struct {
	name           string
	series         int
	duration, wait int // cells
}

type lateStep struct{ scenario, step string }

type endpointPlaces struct {
	name  string
	place int
	// phases are cells, in the order of [phaseNames].
	phases [5]int
}

type channelPlaces struct {
	name        string
	place, cell int
}

type limitPlaces struct {
	name string
	cell int
}

func phaseNames() [5]string {
	return [...]string{"resolve", "connect", "tls", "processing", "transfer"}
}

// The places of the one series that every run has, and of its cell.
const latenessSeries, latenessCell = 0, 0

func newRegistry(scenarios []LoadScenario) *registry {
	r := &registry{
		scenarios: make(map[string]*scenarioPlaces, len(scenarios)), late: make(map[string]*scenarioPlaces),
		lateSteps: make(map[lateStep]*stepPlaces), seriesAt: make(map[SeriesKey]int),
	}
	r.cell(SeriesKey{Measure: MeasureLateness}, 0)
	for _, s := range scenarios {
		if r.scenarios[s.Name] == nil {
			r.scenarios[s.Name] = r.newScenario(s.Name)
		}
		places := r.scenarios[s.Name]
		for _, step := range s.Steps {
			places.steps = append(places.steps, r.newStep(s.Name, step))
		}
	}
	return r
}

// cell gives a series, or its part for an outcome, a cell. Callers hold the lock.
func (r *registry) cell(key SeriesKey, o result.Outcome) int {
	series, known := r.seriesAt[key]
	if !known {
		series = len(r.series)
		r.series = append(r.series, key)
		r.seriesAt[key] = series
	}
	r.cells = append(r.cells, cellSpec{
		series: series, outcome: o, bounds: Bounds(key.Measure),
		whole: key.Measure == MeasurePhase || key.Measure == MeasureLimiter,
	})
	return len(r.cells) - 1
}

func (r *registry) newScenario(name string) *scenarioPlaces {
	s := &scenarioPlaces{
		name:     name,
		response: r.cell(SeriesKey{Measure: MeasureResponse, Scenario: name}, 0),
		success:  r.cell(SeriesKey{Measure: MeasureIteration, Scenario: name}, result.Success),
		failure:  r.cell(SeriesKey{Measure: MeasureIteration, Scenario: name}, result.Failure),
		wait:     r.cell(SeriesKey{Measure: MeasureWait, Scenario: name}, 0),
	}
	s.iterations = r.cells[s.success].series
	return s
}

func (r *registry) newStep(scenario, name string) *stepPlaces {
	s := &stepPlaces{
		name:     name,
		duration: r.cell(SeriesKey{Measure: MeasureStep, Scenario: scenario, Step: name}, 0),
		wait:     r.cell(SeriesKey{Measure: MeasureStepWait, Scenario: scenario, Step: name}, 0),
	}
	s.series = r.cells[s.duration].series
	return s
}

func (r *registry) scenario(name string) *scenarioPlaces {
	if s := r.scenarios[name]; s != nil {
		return s
	}
	r.mu.RLock()
	s := r.late[name]
	r.mu.RUnlock()
	if s != nil {
		return s
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.late) >= maxNames {
		name = other
	}
	if r.late[name] == nil {
		r.late[name] = r.newScenario(name)
	}
	return r.late[name]
}

// step finds the places of a step: by its own place where that is right, else by name.
func (r *registry) step(in *scenarioPlaces, s *result.Step) *stepPlaces {
	if i := s.Place - 1; i >= 0 && i < len(in.steps) && in.steps[i].name == s.Name {
		return in.steps[i]
	}
	for _, places := range in.steps {
		if places.name == s.Name {
			return places
		}
	}
	key := lateStep{in.name, s.Name}
	r.mu.RLock()
	places := r.lateSteps[key]
	r.mu.RUnlock()
	if places != nil {
		return places
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.lateSteps) >= maxNames {
		key.step = other
	}
	if r.lateSteps[key] == nil {
		r.lateSteps[key] = r.newStep(in.name, key.step)
	}
	return r.lateSteps[key]
}

// endpoint, channel and limit find places by name, and make them for the first 64.
func (r *registry) endpoint(name string) *endpointPlaces {
	return late(r, &r.endpoints, name, func(e *endpointPlaces) string { return e.name }, func(name string) *endpointPlaces {
		e := &endpointPlaces{name: name, place: len(r.endpoints)}
		for i, phase := range phaseNames() {
			e.phases[i] = r.cell(SeriesKey{Measure: MeasurePhase, Endpoint: name, Phase: phase}, 0)
		}
		return e
	})
}

func (r *registry) channel(name string) *channelPlaces {
	return late(r, &r.channels, name, func(c *channelPlaces) string { return c.name }, func(name string) *channelPlaces {
		return &channelPlaces{
			name: name, place: len(r.channels), cell: r.cell(SeriesKey{Measure: MeasureDelivery, Channel: name}, 0),
		}
	})
}

func (r *registry) limit(name string) *limitPlaces {
	return late(r, &r.limits, name, func(l *limitPlaces) string { return l.name }, func(name string) *limitPlaces {
		return &limitPlaces{name: name, cell: r.cell(SeriesKey{Measure: MeasureLimiter, Limit: name}, 0)}
	})
}

// late finds what was met by its name, in a row that is short, or makes it.
func late[T any](r *registry, row *[]*T, name string, nameOf func(*T) string, build func(string) *T) *T {
	find := func() *T {
		for _, t := range *row {
			if nameOf(t) == name {
				return t
			}
		}
		return nil
	}
	r.mu.RLock()
	found := find()
	r.mu.RUnlock()
	if found != nil {
		return found
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if found = find(); found != nil {
		return found
	}
	if len(*row) >= maxNames {
		name = other
		if found = find(); found != nil {
			return found
		}
	}
	found = build(name)
	*row = append(*row, found)
	return found
}

func (r *registry) bounds(cell int) []time.Duration {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.cells[cell].bounds
}

// places is a look at the registry that does not change any more.
func (r *registry) places() (series []SeriesKey, cells []cellSpec, endpoints []*endpointPlaces, channels []*channelPlaces) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clip(r.series), slices.Clip(r.cells), slices.Clip(r.endpoints), slices.Clip(r.channels)
}
