package emulator

import (
	"context"
	"fmt"
	"time"

	"github.com/authbench/authbench/internal/policy"
)

// ResetProject makes a project new in one moment: it has the users and the faults that its
// policy begins with, a clock that nobody has moved, and nothing else. Its ID, its
// management keys and its policy stay. A new key signs and the earlier ones are gone, so
// that every token that was issued before is refused. Who waits for messages goes on
// waiting: the numbers of messages and of the journal go on, and cursors into both stay
// good. It reports whether there is such a project.
func (e *Emulator) ResetProject(id string) (bool, error) {
	e.creating.Lock()
	defer e.creating.Unlock()
	p, ok := e.project(id)
	if !ok {
		return false, nil
	}
	life := p.life + 1
	before := p.marks
	p.marks = nil
	if err := p.reset(life, e.pool.take(p, p.policy().SigningAlg, lineageOf(id, life))); err != nil {
		e.pool.release(p)
		p.marks = before
		return true, fmt.Errorf("project %s: %w", id, err)
	}
	for _, mark := range before {
		e.pool.free(p, mark)
	}
	return true, nil
}

// reset gives the project another life. With an error nothing but its clock has changed.
func (p *project) reset(life uint64, key lazyKey) error {
	p.changing.Lock()
	defer p.changing.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock.Reset()
	lineage := lineageOf(p.id, life)
	fresh := newHoldings(newRandom(p.seed, "project/"+lineage))
	if err := fresh.populate(p.clock.Now(), p.policy().Users, p.testRules()); err != nil {
		return err
	}
	p.life, p.lineage, p.generation = life, lineage, 0
	p.holdings = fresh
	for _, l := range p.settings.Load().limiters() {
		l.windows = map[string]*window{}
	}
	keys := []lazyKey{key}
	p.keys.Store(&keyring{keys, keys})
	p.setFaults(p.policy().Faults)
	p.delivery.reset(p.policy().Delivery, newRandom(p.seed, deliveryUse))
	p.journal.clear()
	return nil
}

// reset forgets every message, and with it what was changed since the delivery was made.
func (d *delivery) reset(p policy.Delivery, r *random) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.carriers, d.random = newCarriers(p), r
	d.paused, d.resumedAt, d.sent, d.failed, d.way = false, time.Time{}, 0, nil, nil
	clear(d.overtaken)
	d.gateway.forget()
	d.inbox.clear()
	d.keep()
}

// clear forgets every message and every count.
func (b *inbox) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unread, b.unreadCount, b.read = nil, 0, nil
	clear(b.byRecipient)
	clear(b.byID)
	b.total, b.uncounted = tally{}, false
	clear(b.tallied)
	b.resets++
	b.endLife()
	b.life, b.endLife = context.WithCancel(context.Background())
}
