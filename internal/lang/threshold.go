package lang

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
)

const maxSamples = 1_000_000_000_000

var thresholdForm = form{
	what:     `a "threshold" block`,
	attrs:    []string{"condition", "error_message", "window", "abort", "after", "min_samples"},
	required: []string{"condition", "error_message"},
}

func (l *loader) thresholds(p *plan.Load, b *block) {
	seen := map[string]hcl.Range{}
	var measured time.Duration
	if s, err := p.Schedule(); err == nil {
		measured = s.Duration - p.Warmup
	}
	for _, tb := range b.of("threshold") {
		unique := l.unique(tb, tb.Labels[0], "threshold", seen)
		if t := l.threshold(p, tb, measured); t != nil && unique {
			p.Thresholds = append(p.Thresholds, t)
		}
	}
}

// threshold gives nil for one that can not be judged. measured is how long the run is
// measured, 0 when that is not known.
func (l *loader) threshold(p *plan.Load, b *hclsyntax.Block, measured time.Duration) *plan.Threshold {
	c := l.content(b.Body, b.DefRange(), thresholdForm)
	t := &plan.Threshold{
		Name: b.Labels[0], Source: l.site(b.DefRange()), Condition: c.expr("condition"), Message: c.expr("error_message"),
		Window: l.staticSpan(c, "window", 0), After: l.staticSpan(c, "after", 0), Abort: l.staticBool(c, "abort", false),
		MinSamples: uint64(l.staticInt(c, "min_samples", 1, 1, maxSamples)),
	}
	if measured > 0 && t.Window > measured {
		l.error(c.expr("window").Site().Range, "Invalid threshold", fmt.Sprintf(
			"The window is longer than the %s that are measured, so there would never be one. Leave it out to judge all of them.", measured))
	}
	if measured > 0 && t.After >= measured {
		l.error(c.expr("after").Site().Range, "Invalid threshold", fmt.Sprintf(
			"Only %s are measured, so judging would begin when all is over. Write a shorter time in after.", measured))
	}
	if t.Condition == nil || t.Message == nil {
		return nil
	}
	// Without a mix there are no names to hold references against, and that is told.
	if len(p.Mix) == 0 {
		return t
	}
	env := &refEnv{roots: []string{"var", "local", "path", "metrics"}, where: "in a threshold", metrics: p}
	okCondition := l.checkRefs(t.Condition, env)
	if !l.checkRefs(t.Message, env) || !okCondition {
		return t
	}
	if !t.Condition.RefersTo("metrics") {
		l.error(t.Condition.Site().Range, "Invalid threshold", "The condition refers to no number of the run, so it says nothing about it. Write one such as metrics.iterations.failure_ratio < 0.01.")
		return t
	}
	scope := eval.NewMetricsScope(l.globals, cty.UnknownVal(p.MetricsType()))
	v, diags := t.Condition.Value(scope)
	l.diags = append(l.diags, diags...)
	if !diags.HasErrors() {
		l.condition(t.Condition, v)
		l.comparedTypes(t.Condition, scope)
	}
	l.errorMessage(t.Message, scope)
	return t
}

// checkMetricsRef checks a reference `metrics...`: it must lead to one number, so that
// the samples behind it can be counted.
func (l *loader) checkMetricsRef(r eval.Ref, p *plan.Load) {
	if r.Name == "step" && len(r.Rest) > 0 {
		if attr, ok := r.Rest[0].(hcl.TraverseAttr); ok {
			if in := p.StepScenarios()[attr.Name]; len(in) > 1 {
				l.error(r.Range, "Ambiguous step", fmt.Sprintf("There is a step %q in each of the scenarios %s. Write metrics.scenario.%s.step.%s, or that of another one.",
					attr.Name, list(in), in[0], attr.Name))
				return
			}
		}
	}
	path := append(hcl.Traversal{hcl.TraverseAttr{Name: r.Name, SrcRange: r.Range}}, r.Rest...)
	before := len(l.diags)
	l.checkAttrs(r, p.MetricsType(), path, "metrics")
	if len(l.diags) > before || l.full() {
		return
	}
	t := p.MetricsType()
	for _, step := range path {
		attr, ok := step.(hcl.TraverseAttr)
		if !ok || !t.IsObjectType() {
			return
		}
		t = t.AttributeType(attr.Name)
	}
	if t.IsObjectType() {
		l.error(r.Range, "Invalid reference", fmt.Sprintf("%s holds several numbers. Name one of them: %s.", l.site(r.Range).Text(), firstNumber(t, l.site(r.Range).Text())))
	}
}

// firstNumber gives an example of a reference that goes on to a number.
func firstNumber(t cty.Type, soFar string) string {
	var b strings.Builder
	b.WriteString(soFar)
	for t.IsObjectType() {
		name := ""
		for attr := range t.AttributeTypes() {
			if name == "" || attr < name {
				name = attr
			}
		}
		if name == "" {
			break
		}
		b.WriteString("." + name)
		t = t.AttributeType(name)
	}
	return b.String()
}
