package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// MaxLatency bounds how long a message is on its way.
	MaxLatency = 24 * time.Hour

	defaultReorderWithin = 5 * time.Second
	maxCarriers          = 1000
	maxSigma             = 10
)

// Validate reports every fault, in the order of the fields; nil means that the
// settings can be carried out. Names begin with "delivery.".
func (d Delivery) Validate() []Problem {
	var found problems
	found.latency("delivery.latency", d.Latency)
	found.probability("delivery.loss", d.Loss)
	found.probability("delivery.duplicate", d.Duplicate)
	found.probability("delivery.reorder", d.Reorder)
	if w := d.ReorderWithin.Std(); w < time.Millisecond || w > MaxLatency {
		found.add("delivery.reorder_within", "%s is not between 1ms and %s", d.ReorderWithin, MaxLatency)
	}
	if d.RejectAt != RejectAtDelivery && d.RejectAt != RejectAtSend {
		found.add("delivery.reject_at", "%q is neither %q nor %q", d.RejectAt, RejectAtDelivery, RejectAtSend)
	}
	if len(d.Carriers) > maxCarriers {
		found.add("delivery.carrier", "more than %d carriers", maxCarriers)
		return found
	}
	seen := map[string]bool{}
	for i, c := range d.Carriers {
		name := fmt.Sprintf("delivery.carrier[%d]", i)
		switch {
		case !validPrefix(c.Prefix):
			found.add(name+".prefix", "%q is not a plus sign and 1 to 15 digits, such as \"+213\"", c.Prefix)
		case seen[c.Prefix]:
			found.add(name+".prefix", "%q is there twice", c.Prefix)
		}
		seen[c.Prefix] = true
		if c.Reject != "" && !slices.Contains(Rejections(), c.Reject) {
			found.add(name+".reject", "%q is none of %s", c.Reject, strings.Join(Rejections(), ", "))
		}
		if c.Latency != nil {
			found.latency(name+".latency", *c.Latency)
		}
		for _, p := range []struct {
			setting string
			value   *float64
		}{{"loss", c.Loss}, {"duplicate", c.Duplicate}, {"reorder", c.Reorder}} {
			if p.value != nil {
				found.probability(name+"."+p.setting, *p.value)
			}
		}
	}
	return found
}

type problems []Problem

func (p *problems) add(setting, format string, args ...any) {
	*p = append(*p, Problem{Setting: setting, Detail: fmt.Sprintf(format, args...)})
}

func (p *problems) probability(setting string, v float64) {
	if !(v >= 0 && v <= 1) { // not a number fails as well
		p.add(setting, "%v is not a probability between 0 and 1", v)
	}
}

func (p *problems) latency(setting string, l Latency) {
	if !slices.Contains(Distributions(), l.Distribution) {
		p.add(setting+".distribution", "%q is none of %s", l.Distribution, strings.Join(Distributions(), ", "))
		return
	}
	for _, v := range []struct {
		name  string
		value Duration
		of    string // the distribution that needs it; empty for a bound
	}{
		{"value", l.Value, Fixed}, {"mean", l.Mean, Normal}, {"stddev", l.Stddev, Normal}, {"median", l.Median, Lognormal},
		{"min", l.Min, ""}, {"max", l.Max, ""},
	} {
		switch {
		case v.of != "" && v.of != l.Distribution && v.value != 0:
			p.add(setting+"."+v.name, "belongs to the distribution %q", v.of)
		case v.value.Std() < 0 || v.value.Std() > MaxLatency:
			p.add(setting+"."+v.name, "%s is not between 0s and %s", v.value, MaxLatency)
		}
	}
	switch {
	case l.Distribution != Lognormal && l.Sigma != 0:
		p.add(setting+".sigma", "belongs to the distribution %q", Lognormal)
	case !(l.Sigma >= 0 && l.Sigma <= maxSigma):
		p.add(setting+".sigma", "%v is not between 0 and %d", l.Sigma, maxSigma)
	}
	switch {
	case l.Distribution == Uniform && l.Max == 0:
		p.add(setting+".max", "is required by the distribution %q", Uniform)
	case l.Distribution == Lognormal && l.Median == 0:
		p.add(setting+".median", "is required by the distribution %q", Lognormal)
	case l.Max != 0 && l.Min > l.Max:
		p.add(setting+".min", "%s is more than max, %s", l.Min, l.Max)
	}
}

func validPrefix(s string) bool {
	digits, ok := strings.CutPrefix(s, "+")
	return ok && len(digits) >= 1 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}
