package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/steps"
)

// A step that two scenarios share stands below its scenarios alone, one of several
// instances of a scenario stands once, and assert blocks nowhere.
func TestMetricsType(t *testing.T) {
	t.Parallel()
	kind := &steps.Kind{Name: "fake"}
	sc := func(name string, steps ...string) *plan.Scenario {
		out := &plan.Scenario{Name: name, Body: []*plan.Step{{Name: "assert_1"}}}
		for _, s := range steps {
			out.Body = append(out.Body, &plan.Step{Name: s, Kind: kind})
		}
		return out
	}
	l := &plan.Load{Mix: []plan.Share{
		{Name: "a", Scenarios: []*plan.Scenario{sc("a", "send", "verify"), sc("a", "send", "verify")}},
		{Name: "b", Scenarios: []*plan.Scenario{sc("b", "send", "load")}},
	}}
	if diff := cmp.Diff(l.StepScenarios(), map[string][]string{"send": {"a", "b"}, "verify": {"a"}, "load": {"b"}}); diff != "" {
		t.Errorf("scenarios of steps (-got +want):\n%s", diff)
	}
	typ := l.MetricsType()
	has := func(t cty.Type, path ...string) bool {
		for _, name := range path {
			if !t.IsObjectType() || !t.HasAttribute(name) {
				return false
			}
			t = t.AttributeType(name)
		}
		return t == cty.Number
	}
	for _, path := range [][]string{
		{"iterations", "dropped"}, {"iterations", "response_ms", "p999"}, {"iterations", "lateness_ms", "max"}, {"step", "verify", "duration_ms", "p95"},
		{"scenario", "a", "step", "send", "count"}, {"scenario", "b", "step", "send", "wait_ms", "mean"}, {"scenario", "b", "iterations", "failure_ratio"},
		{"deliveries", "lost"}, {"deliveries", "duration_ms", "p50"},
	} {
		if !has(typ, path...) {
			t.Errorf("there is no %v", path)
		}
	}
	for _, path := range [][]string{{"step", "send", "count"}, {"step", "assert_1", "count"}, {"scenario", "b", "step", "verify", "count"}, {"scenario", "a", "iterations", "lateness_ms", "max"}} {
		if has(typ, path...) {
			t.Errorf("there is %v", path)
		}
	}
	if !typ.AttributeType("error_codes").Equals(cty.Map(cty.Number)) {
		t.Error("error codes are no map of numbers")
	}
}
