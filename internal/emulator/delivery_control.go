package emulator

import (
	"cmp"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// deliveryState is what the admin API tells of the deliveries of a project.
type deliveryState struct {
	FormatVersion int             `json:"format_version"`
	Paused        bool            `json:"paused"`
	Pending       int             `json:"pending"` // messages on their way
	Policy        policy.Delivery `json:"policy"`
}

func (d *delivery) state() deliveryState {
	return deliveryState{AdminVersion, d.paused, len(d.way), d.carriers.all}
}

// change carries out f in one moment, with all brought before that is due, and tells
// how things stand then.
func (d *delivery) change(f func(now time.Time)) deliveryState {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clock.Now()
	d.release(now)
	f(now)
	d.release(now)
	d.keep()
	return d.state()
}

// look tells how things stand.
func (d *delivery) look() deliveryState { return d.change(func(time.Time) {}) }

// set replaces the terms, for messages that are sent from then on.
func (d *delivery) set(p policy.Delivery) deliveryState {
	return d.change(func(time.Time) { d.carriers = newCarriers(p) })
}

// rewire puts another gateway in the place of the one there is, whose posts end.
func (d *delivery) rewire(to *policy.SMSGateway) {
	d.mu.Lock()
	old := d.gateway
	d.gateway = nil
	if to != nil && !d.closed {
		d.gateway = newGateway(*to)
	}
	d.straighten()
	d.mu.Unlock()
	old.forget()
	old.close()
}

// amend changes some of the terms, for messages that are sent from then on, unless
// something is wrong with what they would be.
func (d *delivery) amend(c policy.DeliveryChange) (out deliveryState, found []policy.Problem) {
	out = d.change(func(time.Time) {
		next := c.Apply(d.carriers.all)
		if found = next.Validate(); len(found) == 0 {
			d.carriers = newCarriers(next)
		}
	})
	return out, found
}

// pause keeps every message on its way.
func (d *delivery) pause() deliveryState {
	return d.change(func(time.Time) { d.paused = true })
}

// resume ends a pause. What became due meanwhile arrives then.
func (d *delivery) resume() deliveryState {
	return d.change(func(now time.Time) {
		if d.paused {
			d.paused, d.resumedAt = false, now
		}
	})
}

// flush brings everything that is on its way, in the order in which it is due, also
// while deliveries are paused.
func (d *delivery) flush() deliveryState {
	return d.change(func(now time.Time) {
		all := d.way
		d.way = nil
		slices.SortFunc(all, func(x, y *parcel) int {
			return cmp.Or(x.due.Compare(y.due), cmp.Compare(x.number, y.number))
		})
		for _, p := range all {
			p.index = -1
		}
		for _, p := range all {
			d.arrive(p, now)
		}
	})
}

// refuses tells whether a carrier has the send itself refused.
func (d *delivery) refuses(channel descope.Method, recipient string) error {
	if d.direct.Load() {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.carriers.all.RejectAt != policy.RejectAtSend {
		return nil
	}
	if reason := d.carriers.of(string(channel), recipient).reject; reason != "" {
		return refuse(descope.Undeliverable, "The message can not be delivered: "+reason)
	}
	return nil
}
