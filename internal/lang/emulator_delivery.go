package lang

import (
	"fmt"
	"strconv"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/authbench/authbench/internal/policy"
)

func deliveryBlock() emulatorBlock {
	type delivery = policy.Delivery
	const doc = "How messages travel to their recipients. A message arrives when the project's clock reaches its time; the lifetime of what is in it " +
		"runs from the send. The seed and the number of the send decide what becomes of each."
	args := []argument[delivery]{
		latencyArg("latency", "Time from the send to the arrival, or its distribution: `fixed` with `value`, `uniform` with `min` and `max`, `normal` with `mean` "+
			"and `stddev`, or `lognormal` with `median` and `sigma`; `min` and `max` bound each.",
			func(d *delivery) *policy.Latency { return &d.Latency }),
		chanceArg("loss", "How likely a message never arrives.", func(d *delivery) *float64 { return &d.Loss }),
		chanceArg("duplicate", "How likely it arrives twice, each in its time.", func(d *delivery) *float64 { return &d.Duplicate }),
		chanceArg("reorder", "How likely it is overtaken: it arrives right behind the next one to its recipient.",
			func(d *delivery) *float64 { return &d.Reorder }),
		durationArg("reorder_within", "How much later it arrives if no other comes.", func(d *delivery) *policy.Duration { return &d.ReorderWithin }),
		wordArg("reject_at", []string{policy.RejectAtDelivery, policy.RejectAtSend},
			"Where it is seen that a carrier rejects a message: it stays undelivered, or the request that sends it is refused with status 400 and EAB0422.",
			func(d *delivery) *string { return &d.RejectAt }),
	}
	carrier := carrierArgs()
	defaults := policy.DefaultDelivery()
	const carrierDoc = "What holds for numbers that begin with the prefix instead, a plus sign and digits. The longest prefix counts."
	return emulatorBlock{
		kind: "delivery", once: true, doc: doc, args: describe(args, &defaults),
		inner: []emulatorBlock{{kind: "carrier", labels: []string{"PREFIX"}, member: "prefix", doc: carrierDoc, args: describe(carrier, &policy.Carrier{})}},
		read: func(e *emulatorReader, b *hclsyntax.Block) {
			f, d := formOf(b.Type, args), &e.policy.Delivery
			f.blocks = []blockForm{{kind: "carrier", labels: []string{"PREFIX"}, anyLabel: true}}
			c := e.content(b.Body, b.DefRange(), f)
			e.places["delivery"] = b.DefRange()
			take(e, c, "delivery.", args, d)
			for _, inner := range c.of("carrier") {
				one := policy.Carrier{Prefix: inner.Labels[0]}
				fill(e, inner, fmt.Sprintf("delivery.carrier[%d]", len(d.Carriers)), carrier, &one)
				d.Carriers = append(d.Carriers, one)
			}
		},
	}
}

func carrierArgs() []argument[policy.Carrier] {
	type carrier = policy.Carrier
	chance := func(name, doc string, at func(*carrier) **float64) argument[carrier] {
		return maybe(func(at func(*carrier) *float64) argument[carrier] { return chanceArg(name, doc, at) }, at)
	}
	return []argument[carrier]{
		wordArg("reject", policy.Rejections(), "Rejects every message, and why: no such number, no way to it, a country that is not permitted, "+
			"a number that refused the sender, or one that takes calls alone.", func(c *carrier) *string { return &c.Reject }),
		maybe(func(at func(*carrier) *policy.Latency) argument[carrier] {
			return latencyArg("latency", "As in `delivery`, like the rest.", at)
		}, func(c *carrier) **policy.Latency { return &c.Latency }),
		chance("loss", "As in `delivery`.", func(c *carrier) **float64 { return &c.Loss }),
		chance("duplicate", "As in `delivery`.", func(c *carrier) **float64 { return &c.Duplicate }),
		chance("reorder", "As in `delivery`.", func(c *carrier) **float64 { return &c.Reorder }),
	}
}

// chanceArg takes a number from 0 to 1, and means 0 if it is absent.
func chanceArg[T any](name, doc string, at func(*T) *float64) argument[T] {
	return argument[T]{
		name: name, kind: "number from 0 to 1", doc: doc,
		read: func(l *loader, c *content, into *T) { *at(into) = l.staticNumber(c, name, *at(into), 1) },
		show: func(from *T) string { return strconv.FormatFloat(*at(from), 'g', -1, 64) },
	}
}
