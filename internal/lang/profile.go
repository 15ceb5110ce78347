package lang

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
)

// The defaults and bounds of a profile.
const (
	defaultInFlight = 1000
	maxInFlight     = 1_000_000
	maxIterations   = 10_000_000_000
	maxRate         = 1_000_000
	maxStages       = 1000
	maxSpan         = 366 * 24 * time.Hour

	defaultGracefulStop = 30 * time.Second
)

var loadForm = form{
	what: `a "load" block`,
	attrs: []string{
		"description", "seed", "max_in_flight", "overflow", "warmup", "graceful_stop", "arrivals", "precise", "scenario", "iterations",
	},
	blocks: []blockForm{{kind: "mix"}, {kind: "stage"}, {kind: "vus"}, {kind: "threshold", labels: []string{"NAME"}}},
	later:  reserved,
}

func (l *loader) resolveLoads(scenarios []*plan.Scenario) []*plan.Load {
	var out []*plan.Load
	for _, b := range l.decls.loads {
		out = append(out, l.profile(b, scenarios))
	}
	return out
}

func (l *loader) profile(b *block, scenarios []*plan.Scenario) *plan.Load {
	before := len(l.diags)
	p := &plan.Load{
		Name: b.name, Source: l.site(b.header), Description: l.staticString(b.content, "description"),
		Overflow:     plan.Overflow(l.staticWord(b.content, "overflow", "drop", "drop", "queue", "abort")),
		Warmup:       l.staticSpan(b.content, "warmup", 0),
		GracefulStop: l.staticSpan(b.content, "graceful_stop", defaultGracefulStop),
		Poisson:      l.staticWord(b.content, "arrivals", "constant", "constant", "poisson") == "poisson",
		Precise:      l.staticBool(b.content, "precise", false),
		MaxInFlight:  int(l.staticInt(b.content, "max_in_flight", defaultInFlight, 1, maxInFlight)),
	}
	if b.expr("seed") != nil && l.given(b.content, "seed") {
		seed := uint64(l.staticInt(b.content, "seed", 0, 0, 1<<53))
		p.Seed = &seed
	}
	p.Mix = l.mix(b, scenarios)
	l.schedule(p, b)
	if len(l.diags) == before {
		l.checkSchedule(p, b)
	}
	l.thresholds(p, b)
	return p
}

// staticSpan takes a Go duration that is not negative.
func (l *loader) staticSpan(c *content, name string, fallback time.Duration) time.Duration {
	v, ok := l.static(c, name, cty.String, cty.NilVal)
	if !ok {
		return fallback
	}
	d, err := time.ParseDuration(v.AsString())
	if err != nil || d < 0 || d > maxSpan {
		l.error(c.expr(name).Site().Range, "Invalid duration", fmt.Sprintf(
			`%s is not a duration from 0 to %d hours. Write a number with a unit, such as "250ms", "30s" or "1m30s".`, eval.Show(v), maxSpan/time.Hour))
		return fallback
	}
	return d
}

// staticNumber takes a number from 0 to a bound.
func (l *loader) staticNumber(c *content, name string, fallback, highest float64) float64 {
	v, ok := l.static(c, name, cty.Number, cty.NilVal)
	if !ok {
		return fallback
	}
	f, _ := v.AsBigFloat().Float64()
	if math.IsInf(f, 0) || f < 0 || f > highest {
		l.error(c.expr(name).Site().Range, "Invalid value", fmt.Sprintf("%s must be a number from 0 to %s.", name, plainNumber(highest)))
		return fallback
	}
	return f
}

// given reports whether an argument is there. One that is null is told: it would be taken
// for absent, and something else would run than what is written.
func (l *loader) given(c *content, name string) bool {
	e := c.expr(name)
	if e == nil {
		return false
	}
	if v, ok := l.staticSecret(c, name, cty.DynamicPseudoType, cty.NilVal); ok && v != cty.NilVal {
		return true
	}
	l.unlessFaulty(e, "Invalid value", name+" must not be null.")
	return false
}

func plainNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
