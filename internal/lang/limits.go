package lang

import (
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/steps"
)

var (
	limitsForm = form{
		what:   `a "limits" block`,
		attrs:  []string{"requests_per_second", "burst", "max_requests_in_flight", "max_messages", "on_429"},
		blocks: []blockForm{{kind: "class", labels: []string{"CLASS"}}, {kind: "identifier", labels: []string{"CLASS"}}},
	}
	classForm      = form{what: `a "class" block`, attrs: []string{"requests_per_second", "burst"}, required: []string{"requests_per_second"}}
	identifierForm = form{what: `an "identifier" block`, attrs: []string{"requests", "every"}, required: []string{"requests", "every"}}
)

func (l *loader) providerLimits(p *plan.Provider, b *hclsyntax.Block) {
	p.Limits.On429 = "fail"
	if b == nil {
		return
	}
	c := l.content(b.Body, b.DefRange(), limitsForm)
	p.Limits.Declared = true
	p.Limits.RequestsPerSecond = l.requestsPerSecond(c)
	p.Limits.Burst = int(l.staticInt(c, "burst", 1, 1, 1e6))
	p.Limits.MaxRequestsInFlight = int(l.staticInt(c, "max_requests_in_flight", 0, 1, 1e6))
	p.Limits.MaxMessages = int(l.staticInt(c, "max_messages", 0, 1, 1e9))
	p.Limits.On429 = l.staticWord(c, "on_429", "fail", "fail", "backoff", "observe")
	l.classLimits(p, c)
	l.identifierLimits(p, c)
}

// requestsPerSecond gives 0 for no limit.
func (l *loader) requestsPerSecond(c *content) float64 {
	v, ok := l.static(c, "requests_per_second", cty.Number, cty.NilVal)
	if !ok {
		return 0
	}
	f, _ := v.AsBigFloat().Float64()
	if f <= 0 || f > 1e6 {
		l.error(c.expr("requests_per_second").Site().Range, "Invalid value", "requests_per_second must be above 0 and at most 1000000.")
	}
	return f
}

// classLimits reads class blocks: limits of the requests of one class.
func (l *loader) classLimits(p *plan.Provider, c *content) {
	seen := map[string]hcl.Range{}
	for _, b := range c.of("class") {
		cc := l.content(b.Body, b.DefRange(), classForm)
		limit := plan.ClassLimit{
			Class: b.Labels[0], RequestsPerSecond: l.requestsPerSecond(cc), Burst: int(l.staticInt(cc, "burst", 1, 1, 1e6)),
		}
		if l.isClass(b) && l.unique(b, b.Labels[0], "class", seen) {
			p.Limits.Classes = append(p.Limits.Classes, limit)
		}
	}
}

// identifierLimits reads identifier blocks: limits of the requests of one class that are
// for the same person.
func (l *loader) identifierLimits(p *plan.Provider, c *content) {
	seen := map[string]hcl.Range{}
	for _, b := range c.of("identifier") {
		ic := l.content(b.Body, b.DefRange(), identifierForm)
		limit := plan.IdentifierLimit{
			Class: b.Labels[0], Requests: int(l.staticInt(ic, "requests", 1, 1, 1e6)), Every: l.staticDuration(ic, "every", time.Minute, cty.NilVal),
		}
		if l.isClass(b) && l.unique(b, b.Labels[0], "identifier", seen) {
			p.Limits.Identifiers = append(p.Limits.Identifiers, limit)
		}
	}
}

// isClass reports a class that no step kind has.
func (l *loader) isClass(b *hclsyntax.Block) bool {
	known := steps.Classes()
	if slices.Contains(known, b.Labels[0]) {
		return true
	}
	l.error(b.LabelRanges[0], "Unknown class", fmt.Sprintf("There is no class of requests %q.%s The classes are %s.", b.Labels[0], suggest(b.Labels[0], known), list(known)))
	return false
}

// liveLimits refuses a target that is surely live and may be asked without bound. A
// target on this machine may be an emulator: that is seen when it is opened.
func (l *loader) liveLimits(p *plan.Provider, b *providerDecl) {
	if p.BaseURL == "" || p.BaseURL == EmulatorURL || plan.Loopback(p.BaseURL) || p.Bounded() {
		return
	}
	at := b.header
	if lb := b.one("limits"); lb != nil {
		at = lb.DefRange()
	}
	l.error(at, "Missing limits", fmt.Sprintf(
		"The target of provider %q is live, and nothing says how much it may be asked. Write limits { requests_per_second = 1 }, with a value that is not null for this target.", p.Name))
}
