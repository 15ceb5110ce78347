package runner

import (
	"fmt"
	"time"

	"github.com/authbench/authbench/internal/pace"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// dataset says which row an arrival gets: a pure function of the seed and its number.
// Only a lease has state, which the lock of the load guards: a row that somebody holds,
// or that rests, is not given.
type dataset struct {
	plan *plan.Dataset
	seed uint64
	rows uint64
	perm pace.Permutation
	// held are the rows that are out or rest, resting the latter in the order of time.
	held    map[int]struct{}
	resting fifo[cooling]
}

type cooling struct {
	row   int
	until time.Time
}

func newDataset(p *plan.Dataset, seed uint64) *dataset {
	d := &dataset{plan: p, seed: pace.Derive(seed, "dataset."+p.Name), rows: uint64(p.Rows.Len())}
	d.perm = pace.NewPermutation(d.seed, d.rows)
	if p.Mode == plan.DatasetLease {
		d.held = map[int]struct{}{}
	}
	return d
}

// ordered reports whether rows follow the order of arrivals rather than their numbers.
func (d *dataset) ordered() bool {
	return d.plan.Mode == plan.DatasetSequential || d.plan.Mode == plan.DatasetUnique
}

// exhausted reports whether there is no row left for an arrival.
func (d *dataset) exhausted(a due) bool {
	return d.rows == 0 || d.plan.Mode == plan.DatasetUnique && a.order >= d.rows
}

// ends reports whether the run is over with this arrival, for want of a row.
func (d *dataset) ends(a due) bool {
	return d.exhausted(a) && d.plan.OnExhausted == plan.ExhaustedStop
}

// row is that of an arrival that is not exhausted.
func (d *dataset) row(a due) int {
	switch d.plan.Mode {
	case plan.DatasetRandom:
		return int(pace.Pick(d.seed, a.n, d.rows))
	case plan.DatasetUnique:
		return int(d.perm.At(a.order))
	case plan.DatasetLease:
		return int(d.perm.At(a.n % d.rows))
	default:
		return int(a.order % d.rows)
	}
}

// take gives an arrival its row, or the problem of an arrival that is an error without
// one. It is not ok when the arrival is to be dropped.
func (d *dataset) take(a due, now time.Time) (row int, p *problem, ok bool) {
	if d.exhausted(a) {
		if d.plan.OnExhausted != plan.ExhaustedError {
			return 0, nil, false
		}
		return 0, &problem{
			outcome: result.Error, reason: result.ReasonSetup,
			message: fmt.Sprintf("dataset %s has no row left: it has %d", d.plan.Name, d.rows),
		}, true
	}
	row = d.row(a)
	if d.held == nil {
		return row, nil, true
	}
	for d.resting.len() > 0 && !d.resting.peek().until.After(now) {
		delete(d.held, d.resting.pop().row)
	}
	if _, out := d.held[row]; out {
		return 0, nil, false
	}
	d.held[row] = struct{}{}
	return row, nil, true
}

// rested gives when a row that rests can be had again. It is not ok when none rests.
func (d *dataset) rested() (at time.Time, ok bool) {
	if d.resting.len() == 0 {
		return time.Time{}, false
	}
	return d.resting.peek().until, true
}

// give takes a row back, when the teardown of its iteration is over.
func (d *dataset) give(row int, now time.Time) {
	switch {
	case d.held == nil:
	case d.plan.Cooldown > 0:
		d.resting.push(cooling{row, now.Add(d.plan.Cooldown)})
	default:
		delete(d.held, row)
	}
}
