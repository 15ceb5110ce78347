package emulator

import (
	"slices"
	"sync"
	"time"

	"github.com/authbench/authbench/internal/policy"
)

// fault is one fault of a project, with what it did. It is safe for concurrent use.
type fault struct {
	policy.Fault

	mu     sync.Mutex
	random *random // its own: what one fault draws moves no other draw
	seen   uint64  // requests that it matched
	hits   uint64  // those that it struck
}

// faultSet is the faults of a project, in order. It does not change.
type faultSet struct {
	all []*fault
}

// strike is one request struck by a fault.
type strike struct {
	*policy.Fault
	latency time.Duration
}

// newFault makes a fault whose draws are decided by the seed and the fault's name. They
// secure nothing, so that they repeat in a project that is reset or made again.
func (p *project) newFault(f policy.Fault) *fault {
	return &fault{Fault: f, random: newRandom(p.seed, "fault/"+f.Name)}
}

// setFaults replaces the faults by those of a policy, as if they were new.
func (p *project) setFaults(list []policy.Fault) {
	set := &faultSet{}
	for _, f := range list {
		set.all = append(set.all, p.newFault(f))
	}
	p.replaceFaults(set)
}

func (p *project) replaceFaults(set *faultSet) {
	if len(set.all) == 0 {
		set = nil // which is all that a request without faults looks at
	}
	p.faults.Store(set)
}

// list is every fault, also of a set that is nil.
func (s *faultSet) list() []*fault {
	if s == nil {
		return nil
	}
	return s.all
}

// struck decides whether a fault of the phase strikes the request; nil means that none
// does.
func (p *project) struck(phase, method, path string) *strike {
	set := p.faults.Load()
	if set == nil {
		return nil
	}
	for _, f := range set.all {
		if f.Phase == phase && f.Matches(method, path) {
			if s := f.strike(); s != nil {
				return s
			}
		}
	}
	return nil
}

// strike takes one matching request. Each that is not let by costs one draw, so that
// what a fault does depends on how many it saw and on nothing else.
func (f *fault) strike() *strike {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen++
	if f.seen <= uint64(f.Skip) || f.Count > 0 && f.hits >= uint64(f.Count) {
		return nil
	}
	if draw := f.random.rand.Float64(); f.Probability != nil && draw >= *f.Probability {
		return nil
	}
	f.hits++
	s := &strike{Fault: &f.Fault}
	if f.Latency != nil {
		s.latency = latencyAt(*f.Latency, f.random.rand.Float64())
	}
	return s
}

// messageFault is what becomes of one message.
type messageFault struct {
	lost, twice bool
	late        time.Duration // in the project's time, beside its own latency
}

// deliveryFault decides what becomes of the message that a request sends. It is
// called once for each message.
func (c *call) deliveryFault() messageFault {
	s := c.project.struck(policy.PhaseDelivery, c.request.Method, c.request.URL.Path)
	if s == nil {
		return messageFault{}
	}
	c.fault = s.Name
	return messageFault{
		lost: s.Action == policy.FaultLoss, twice: s.Action == policy.FaultDuplicate, late: s.latency,
	}
}

// addFault adds a fault unless there is one of its name, or tells what is wrong with it.
func (p *project) addFault(f policy.Fault) (problems []policy.Problem, taken bool) {
	p.changing.Lock()
	defer p.changing.Unlock()
	all := slices.Clone(p.faults.Load().list())
	if slices.ContainsFunc(all, func(o *fault) bool { return o.Name == f.Name }) {
		return nil, true
	}
	return p.tryFaults(append(all, p.newFault(f))), false
}

// putFault puts a fault in place of that of its name, as if it were new, or adds it.
func (p *project) putFault(f policy.Fault) []policy.Problem {
	p.changing.Lock()
	defer p.changing.Unlock()
	all := slices.Clone(p.faults.Load().list())
	if i := slices.IndexFunc(all, func(o *fault) bool { return o.Name == f.Name }); i >= 0 {
		all[i] = p.newFault(f)
	} else {
		all = append(all, p.newFault(f))
	}
	return p.tryFaults(all)
}

// tryFaults replaces the faults, or tells what is wrong with them.
func (p *project) tryFaults(all []*fault) []policy.Problem {
	configured := make([]policy.Fault, 0, len(all))
	for _, f := range all {
		configured = append(configured, f.Fault)
	}
	problems := policy.ValidateFaults(configured)
	if len(problems) == 0 {
		p.replaceFaults(&faultSet{all})
	}
	return problems
}

// dropFaults takes away the faults that are chosen and tells how many there were.
func (p *project) dropFaults(chosen func(*fault) bool) int {
	p.changing.Lock()
	defer p.changing.Unlock()
	all := p.faults.Load().list()
	kept := slices.DeleteFunc(slices.Clone(all), chosen)
	p.replaceFaults(&faultSet{kept})
	return len(all) - len(kept)
}
