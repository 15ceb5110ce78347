package emulator

import (
	"container/heap"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/authbench/authbench/internal/clock"
	"github.com/authbench/authbench/internal/policy"
)

// failedLimit bounds the lost and rejected messages that are kept for a look back.
const failedLimit = 1024

// delivery is what lies between a send and the inbox. A message that is on its way
// enters the inbox when the project's clock reaches its time: whoever reads the inbox
// looks first, and while somebody may wait one goroutine does. Its methods are safe
// for concurrent use.
type delivery struct {
	inbox *inbox
	clock *clock.Clock
	// direct says that nothing lies between: no term, no gateway, nobody on the way.
	direct atomic.Bool

	mu        sync.Mutex // taken after the project's and before the inbox's
	carriers  carriers
	gateway   *gateway // nil if there is none
	random    *random  // of its own: what becomes of messages changes no code and no ID
	paused    bool
	resumedAt time.Time
	closed    bool
	sent      uint64 // numbers what is sent, duplicates as well
	way       onWay
	overtaken map[string][]*parcel // those that wait for the next one to their recipient
	failed    []*message           // by the time they were sent

	keeping bool      // the goroutine runs
	awaited time.Time // what it waits for
	rewait  func()    // makes it look again
	running sync.WaitGroup
}

func newDelivery(b *inbox, c *clock.Clock, p policy.Project, r *random) *delivery {
	d := &delivery{
		inbox: b, clock: c, carriers: newCarriers(p.Delivery), random: r, overtaken: map[string][]*parcel{}, rewait: func() {},
	}
	if g := p.Connectors.GenericSMSGateway; g != nil {
		d.gateway = newGateway(*g)
	}
	d.straighten()
	b.way = d
	return d
}

// straighten notes whether anything lies between. The caller holds the lock.
func (d *delivery) straighten() {
	d.direct.Store(d.carriers.plain() && d.gateway == nil && !d.paused && len(d.way) == 0)
}

// send takes a message over, and what a fault makes of it beside the terms. If it
// arrives at once the cursor right before it is given.
func (d *delivery) send(now time.Time, m *message, f messageFault) (before uint64, arrived bool) {
	if f == (messageFault{}) && d.direct.Load() {
		return d.inbox.put(m), true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.release(now)
	defer d.keep()
	// Five draws for each message, whatever becomes of it: a setting that changes moves
	// the fate of no other message.
	lossDraw, twiceDraw, overtakenDraw := d.random.rand.Float64(), d.random.rand.Float64(), d.random.rand.Float64()
	wayDraw, copyDraw := d.random.rand.Float64(), d.random.rand.Float64()
	t := d.carriers.of(m.Channel, m.Recipient)
	d.inbox.count(m.Recipient, tally{Sent: 1})
	switch {
	case t.reject != "":
		d.fail(m, rejected, t.reject)
		return 0, false
	case f.lost:
		d.fail(m, lost, reasonFault)
		return 0, false
	case lossDraw < t.loss:
		d.fail(m, lost, reasonLoss)
		return 0, false
	}
	first := d.parcel(m, now.Add(latencyAt(t.latency, wayDraw)+f.late))
	var second *parcel
	if f.twice || twiceDraw < t.duplicate {
		twin := *m
		twin.ID = d.random.messageID()
		twin.Delivery = &journey{DuplicateOf: m.ID}
		d.inbox.count(m.Recipient, tally{Duplicates: 1})
		second = d.parcel(&twin, now.Add(latencyAt(t.latency, copyDraw)+f.late))
	}
	if overtakenDraw < t.reorder {
		first.held, first.due = true, first.due.Add(d.carriers.all.ReorderWithin.Std())
		d.overtaken[m.Recipient] = append(d.overtaken[m.Recipient], first)
	}
	if !d.paused && !first.due.After(now) {
		before, arrived = d.arrive(first, now), true
	} else {
		d.hand(first)
	}
	if second != nil {
		d.hand(second)
	}
	d.release(now)
	return before, arrived
}

func (d *delivery) parcel(m *message, due time.Time) *parcel {
	d.sent++
	return &parcel{message: m, number: d.sent, own: due, due: due, index: -1}
}

// hand puts a parcel on its way, or loses it if the emulator keeps no more.
func (d *delivery) hand(p *parcel) {
	if len(d.way) >= d.inbox.unreadLimit {
		d.unhold(p)
		d.fail(p.message, lost, reasonOverflow)
		return
	}
	heap.Push(&d.way, p)
}

// fail keeps a message that will not arrive.
func (d *delivery) fail(m *message, s state, reason string) {
	kept := *m
	kept.State = s
	j := journey{Reason: reason}
	if m.Delivery != nil {
		j.DuplicateOf = m.Delivery.DuplicateOf
	}
	kept.Delivery = &j
	d.failed = append(d.failed, &kept)
	if more := len(d.failed) - failedLimit; more > 0 {
		d.failed = slices.Delete(d.failed, 0, more)
	}
	if s == rejected {
		d.inbox.count(m.Recipient, tally{Rejected: 1})
	} else {
		d.inbox.count(m.Recipient, tally{Lost: 1})
	}
}

// arrive puts a message that is not on its way any more into the inbox, hands it to
// the gateway, and lets those follow that it has overtaken.
func (d *delivery) arrive(p *parcel, at time.Time) (before uint64) {
	d.unhold(p)
	m := *p.message
	j := journey{DueAt: p.due.UTC(), ArrivedAt: at.UTC()}
	if m.Delivery != nil {
		j.DuplicateOf = m.Delivery.DuplicateOf
	}
	m.State, m.Delivery = delivered, &j
	if d.gateway.takes(&m) {
		j.Gateway = &posting{}
	}
	before = d.inbox.put(&m)
	if j.Gateway != nil {
		d.gateway.post(&m)
	}
	if j.DuplicateOf == "" {
		d.follow(p, at)
	}
	return before
}

// follow lets go of what was held for the next message to its recipient.
func (d *delivery) follow(p *parcel, at time.Time) {
	var free []*parcel
	for _, held := range d.overtaken[p.message.Recipient] {
		if held.number < p.number {
			free = append(free, held)
		}
	}
	for _, held := range free {
		d.unhold(held)
		held.due = later(held.own, at)
		if held.index >= 0 {
			heap.Fix(&d.way, held.index)
		}
	}
}

// unhold takes a parcel out of those that wait to be overtaken.
func (d *delivery) unhold(p *parcel) {
	if !p.held {
		return
	}
	p.held = false
	recipient := p.message.Recipient
	rest := slices.DeleteFunc(d.overtaken[recipient], func(other *parcel) bool { return other == p })
	if len(rest) == 0 {
		delete(d.overtaken, recipient)
		return
	}
	d.overtaken[recipient] = rest
}

// release brings every message whose time has come. The caller holds the lock.
func (d *delivery) release(now time.Time) {
	for !d.paused && !d.closed && len(d.way) > 0 && !d.way[0].due.After(now) {
		p := heap.Pop(&d.way).(*parcel)
		d.arrive(p, later(p.due, d.resumedAt))
	}
	d.straighten()
}

// settle is release for whoever is about to look at the inbox.
func (d *delivery) settle() {
	if d.direct.Load() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.release(d.clock.Now())
	d.keep()
}

// keep sees to it that somebody waits for the next message. The caller holds the lock.
func (d *delivery) keep() {
	d.straighten()
	wanted := !d.closed && !d.paused && len(d.way) > 0
	switch {
	case !d.keeping && wanted:
		d.keeping = true
		d.running.Go(d.wait)
	case d.keeping && (!wanted || !d.way[0].due.Equal(d.awaited)):
		d.rewait()
	}
}

// wait releases messages until none is on its way.
func (d *delivery) wait() {
	for {
		d.mu.Lock()
		d.release(d.clock.Now())
		if d.closed || d.paused || len(d.way) == 0 {
			d.keeping, d.rewait = false, func() {}
			d.mu.Unlock()
			return
		}
		ctx, cancel := context.WithCancel(context.Background())
		due := d.way[0].due
		d.rewait, d.awaited = cancel, due
		d.mu.Unlock()
		_ = d.clock.WaitUntil(ctx, due) // ends early when there is something else to wait for
		cancel()
	}
}

// close ends the deliveries. What is on its way stays there.
func (d *delivery) close() {
	d.mu.Lock()
	d.closed = true
	d.rewait()
	d.mu.Unlock()
	d.running.Wait()
	d.gateway.close()
}

func later(x, y time.Time) time.Time {
	if x.Before(y) {
		return y
	}
	return x
}
