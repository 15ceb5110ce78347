package emulator

import (
	"strings"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// longestPrefix is a plus sign and the digits of a number.
const longestPrefix = 16

// carriers finds the terms of a recipient.
type carriers struct {
	all      policy.Delivery
	byPrefix map[string]policy.Carrier
}

// terms is what holds for one message.
type terms struct {
	latency                  policy.Latency
	loss, duplicate, reorder float64
	reject                   string
}

func newCarriers(d policy.Delivery) carriers {
	c := carriers{all: d, byPrefix: make(map[string]policy.Carrier, len(d.Carriers))}
	for _, one := range d.Carriers {
		c.byPrefix[one.Prefix] = one
	}
	return c
}

// plain reports whether every message arrives once and at once.
func (c *carriers) plain() bool {
	l := c.all.Latency
	return l.Distribution == policy.Fixed && l.Value == 0 && l.Min == 0 &&
		c.all.Loss == 0 && c.all.Duplicate == 0 && c.all.Reorder == 0 && len(c.all.Carriers) == 0
}

// of gives the terms of a message to a recipient. Addresses have no carrier.
func (c *carriers) of(channel, recipient string) terms {
	t := terms{latency: c.all.Latency, loss: c.all.Loss, duplicate: c.all.Duplicate, reorder: c.all.Reorder}
	if !strings.HasPrefix(recipient, "+") {
		return t
	}
	for n := min(len(recipient), longestPrefix); n > 1; n-- {
		one, ok := c.byPrefix[recipient[:n]]
		if !ok {
			continue
		}
		if one.Reject != policy.RejectNotSMSCapable || channel == string(descope.MethodSMS) {
			t.reject = one.Reject
		}
		if one.Latency != nil {
			t.latency = *one.Latency
		}
		t.loss, t.duplicate, t.reorder = or(one.Loss, t.loss), or(one.Duplicate, t.duplicate), or(one.Reorder, t.reorder)
		break
	}
	return t
}

func or(own *float64, all float64) float64 {
	if own != nil {
		return *own
	}
	return all
}
