package stats

import (
	"strings"

	"github.com/authbench/authbench/internal/result"
)

// fixtureAddress begins the addresses of fixtures, which is what tells their failures
// from those of scenarios in files and reports as well.
const fixtureAddress = "fixture."

// Fixture tells the failure of a fixture from that of a scenario. Its iteration numbers
// are executions of the fixture, which cannot be had alone.
func (f *Failure) Fixture() bool { return strings.HasPrefix(f.Address, fixtureAddress) }

// Fixture counts an execution of a fixture. One that went wrong becomes a case and fails
// the run, although its iterations are in no sum. Parts of it may be kept.
func (a *Accumulator) Fixture(it *result.Iteration) {
	for i := range it.Steps {
		a.countTraffic(&it.Steps[i])
	}
	if !wrong(it.Outcome) && !it.TeardownFailed {
		return
	}
	a.fixtureFailed = true
	c := a.index[caseKey{it.Suite, it.Address}]
	if c == nil {
		c = a.add(Case{Suite: it.Suite, Scenario: it.Address, Address: it.Address})
	}
	c.count(it)
	for i := range it.Steps {
		c.step(&it.Steps[i]).count(&it.Steps[i])
	}
	a.failures.add(it)
}

// Fixture counts an execution of a fixture if it went wrong, which fails the run. It is
// borrowed for the call, and in no sum of iterations, steps or requests.
func (r *Recorder) Fixture(it *result.Iteration) {
	r.failuresLock.Lock()
	defer r.failuresLock.Unlock()
	r.failures.add(it)
}

// fixtureFailed finds a fixture that did not stand or was not taken down.
func (l *Load) fixtureFailed() bool {
	for i := range l.Failures {
		if l.Failures[i].Fixture() {
			return true
		}
	}
	return false
}
