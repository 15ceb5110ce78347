package runner

import (
	"time"

	"github.com/authbench/authbench/internal/eval"
)

// A lane hands out iterations in the order of their ids. The scenarios of one serial
// group share a lane, of which one iteration runs at a time; all others share the
// first lane. An iteration that has to wait for its group thus takes up nothing:
// it does not exist yet, however often it is repeated.
type lane struct {
	shares []*share
	// total is the length of a round.
	total uint64
	round uint64
	next  int
	left  uint64
	// serial lanes run one iteration at a time.
	serial, running bool
}

// arrival is an iteration that is about to start.
type arrival struct {
	program   *program
	id, index uint64
	vu        int
	// intended is when the schedule of a profile wants it to start, zero without one.
	intended time.Time
	// warmup tells that it belongs to the part of the schedule that is not judged.
	warmup bool
	// bind gives the iteration's scope what only this arrival has: its rows and the
	// outputs of fixtures. It is called once, before anything is evaluated; nil for
	// nothing.
	bind func(*eval.Scope)
	// hold is called once, when all but teardown is over: teardown begins when resume
	// is called, however late, also before hold returns. What the scope holds may be
	// read during the call. ok tells that nothing failed. nil goes on at once.
	hold func(scope *eval.Scope, ok bool, resume func())
}

// newLanes makes the lanes of a run. shares are those of its programs.
func newLanes(r *run, shares []*share) []*lane {
	if only := r.opts.OnlyIteration; only != nil {
		return []*lane{{shares: shares, total: r.total, round: *only / r.total, left: 1}}
	}
	lanes := []*lane{{total: r.total}}
	groups := map[string]*lane{"": lanes[0]}
	for _, s := range shares {
		p := s.program
		l := groups[p.Serial]
		if l == nil {
			l = &lane{total: r.total, serial: true}
			groups[p.Serial] = l
			lanes = append(lanes, l)
		}
		l.shares = append(l.shares, s)
		l.left += uint64(r.opts.Repeat)
	}
	return lanes
}

// free reports whether the lane has an iteration that may start.
func (l *lane) free() bool { return l.left > 0 && !(l.serial && l.running) }

// id is that of the iteration to come.
func (l *lane) id() uint64 { return l.round*l.total + l.shares[l.next].program.position }

func (l *lane) take() entrant {
	c := entrant{lane: l, share: l.shares[l.next], due: due{n: l.id(), order: l.round}}
	l.left--
	l.running = true
	if l.next++; l.next == len(l.shares) {
		l.next, l.round = 0, l.round+1
	}
	return c
}
