package lang

import (
	"fmt"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/authbench/authbench/internal/plan"
)

var (
	stageForm = form{what: `a "stage" block`, attrs: []string{"rate", "over"}, required: []string{"rate", "over"}}
	vusForm   = form{what: `a "vus" block`, attrs: []string{"count", "over"}, required: []string{"count", "over"}}
)

// schedule reads how much a profile runs and when: one of stages, vus and iterations.
func (l *loader) schedule(p *plan.Load, b *block) {
	stages, vus, iterations := b.of("stage"), b.of("vus"), b.expr("iterations")
	var given []string
	if len(stages) > 0 {
		given = append(given, "stage")
	}
	if len(vus) > 0 {
		given = append(given, "vus")
	}
	if iterations != nil {
		given = append(given, "iterations")
	}
	if len(given) != 1 {
		detail := fmt.Sprintf("Load %q does not say how much to run. Write stage blocks (arrivals at a rate), vus blocks (users that run one iteration after the other), or iterations = N.", b.name)
		if len(given) > 1 {
			detail = fmt.Sprintf("Load %q has %s. Write one of them.", b.name, list(given))
		}
		l.error(b.header, "Invalid schedule", detail)
		return
	}
	if len(stages) == 0 {
		const open = "Only stage blocks make a schedule of arrivals. "
		l.onlyWith(b.content, "arrivals", false, open+"Leave arrivals out.")
		l.onlyWith(b.content, "overflow", false, open+"Leave overflow out: a closed profile starts no more than there is room for.")
		l.onlyWith(b.content, "precise", false, open+"Leave precise out.")
	}
	if len(stages) > maxStages || len(vus) > maxStages {
		l.error(b.header, "Invalid schedule", fmt.Sprintf("Load %q has more than %d stages.", b.name, maxStages))
		return
	}
	for _, sb := range stages {
		c := l.content(sb.Body, sb.DefRange(), stageForm)
		var st plan.Stage
		if l.given(c, "rate") {
			st.Rate = l.staticNumber(c, "rate", 0, maxRate)
		}
		if l.given(c, "over") {
			st.Over = l.staticSpan(c, "over", 0)
		}
		p.Stages = append(p.Stages, st)
	}
	l.users(p, b, vus)
	if iterations != nil && l.given(b.content, "iterations") {
		p.Iterations = uint64(l.staticInt(b.content, "iterations", 1, 1, maxIterations))
	}
}

// users reads vus blocks. Without max_in_flight there is room for all users.
func (l *loader) users(p *plan.Load, b *block, blocks []*hclsyntax.Block) {
	most := 0
	for _, vb := range blocks {
		c := l.content(vb.Body, vb.DefRange(), vusForm)
		var u plan.Users
		if l.given(c, "count") {
			u.Count = int(l.staticInt(c, "count", 0, 0, maxInFlight))
		}
		if l.given(c, "over") {
			u.Over = l.staticSpan(c, "over", 0)
		}
		p.VUs = append(p.VUs, u)
		most = max(most, u.Count)
	}
	switch e := b.expr("max_in_flight"); {
	case len(blocks) == 0 || most == 0:
	case e == nil:
		p.MaxInFlight = most
	case p.MaxInFlight < most:
		l.unlessFaulty(e, "Invalid value", fmt.Sprintf(
			"The vus blocks come to %d users, each with one iteration in flight, and max_in_flight allows %d. Raise it, or leave it out.", most, p.MaxInFlight))
	}
}

// checkSchedule judges a schedule as a whole.
func (l *loader) checkSchedule(p *plan.Load, b *block) {
	s, err := p.Schedule()
	switch {
	case err != nil:
		l.error(b.header, "Invalid schedule", fmt.Sprintf("The schedule of load %q can not be carried out: %s.", b.name, err))
		return
	case p.Iterations > 0:
		return
	case p.Open() && s.Arrivals == 0 || !p.Open() && s.MostUsers == 0:
		l.error(b.header, "Empty schedule", fmt.Sprintf("The schedule of load %q comes to no iteration. Give it a rate or a count above 0, over a time above 0.", b.name))
	case p.Warmup >= s.Duration:
		l.unlessFaulty(b.expr("warmup"), "Invalid schedule", fmt.Sprintf(
			"The warm-up takes %s of a schedule of %s, so nothing would be measured. Shorten it, or lengthen the schedule.", p.Warmup, s.Duration))
	}
}
