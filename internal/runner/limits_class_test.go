package runner_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// starts lists when the first steps ran, in seconds after begin.
func starts(o outcome, begin time.Time) []string {
	var out []string
	for _, it := range o.iterations {
		out = append(out, fmt.Sprintf("%06.2f", it.Steps[0].Start.Sub(begin).Seconds()))
	}
	slices.Sort(out)
	return out
}

func TestClassLimit(t *testing.T) {
	t.Parallel()
	limits := plan.Limits{RequestsPerSecond: 1000, Burst: 1000, Classes: []plan.ClassLimit{{Class: steps.ClassSend, RequestsPerSecond: 2, Burst: 1}}}
	for class, want := range map[string][]string{
		steps.ClassSend:   {"000.00", "000.50", "001.00", "001.50"},
		steps.ClassVerify: {"000.00", "000.00", "000.00", "000.00"},
	} {
		k := succeeds("fake")
		k.Class = class
		p, env := limited(t, limits, k)
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			o := run(t, p, env, runner.Options{Repeat: 4})
			if diff := cmp.Diff(starts(o, begin), want); diff != "" {
				t.Errorf("%s (-got +want):\n%s", class, diff)
			}
		})
	}
}

// Three requests within a minute are for one person, however the address is spelled;
// whoever else is asked for waits for nobody.
func TestIdentifierLimit(t *testing.T) {
	t.Parallel()
	limits := plan.Limits{Identifiers: []plan.IdentifierLimit{{Class: steps.ClassSend, Requests: 3, Every: time.Minute}}}
	for name, tt := range map[string]struct {
		to   string
		want []string
	}{
		"one":     {`iteration.index % 2 == 0 ? "a@example.test" : "A@Example.test"`, []string{"000.00", "000.00", "000.00", "060.00", "060.00", "060.00", "120.00"}},
		"several": {`"user-${iteration.id}"`, []string{"000.00", "000.00", "000.00", "000.00", "000.00", "000.00", "000.00"}},
	} {
		k := succeeds("fake")
		k.Class, k.Identifiers = steps.ClassSend, []string{"to", "id"}
		provider := &plan.Provider{Name: "descope", Limits: limits}
		s := body(t, "s", k, "id", tt.to)
		s.Provider = provider
		p := planOf(scenario("x", s))
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			o := run(t, p, runner.Environment{Conns: map[*plan.Provider]any{provider: nil}}, runner.Options{Repeat: 7})
			if diff := cmp.Diff(starts(o, begin), tt.want); diff != "" {
				t.Errorf("%s (-got +want):\n%s", name, diff)
			}
			for _, it := range o.iterations {
				if it.Outcome != result.Success || it.Steps[0].Duration != 0 {
					t.Errorf("%s: %s, the wait is in its duration: %s", name, it.Outcome, it.Steps[0].Duration)
				}
			}
		})
	}
}
