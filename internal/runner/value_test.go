package runner

import (
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/steps"
)

// TestPartsAreThoseOfTheWhole reads every attribute of a result both ways.
func TestPartsAreThoseOfTheWhole(t *testing.T) {
	t.Parallel()
	kind := &steps.Kind{Name: "k", Results: []steps.Attr{{Name: "n", Type: cty.Number}, {Name: "jwt", Type: cty.String, Sensitive: true}}}
	results, _ := prepareResults(&plan.Step{Kind: kind})
	for name, reply := range map[string]steps.Reply{
		"success": {OK: true, Status: 200, Start: time.Now(), Duration: 12345 * time.Microsecond, RequestID: "r"},
		"refusal": {Status: 401, Problem: &steps.APIError{Code: "E1", Description: "no"}},
		"nothing": {},
		"values":  {OK: true, Values: steps.Fixed{"n": cty.NumberIntVal(3), "jwt": cty.StringVal("x")}},
	} {
		rec := &record{source: &step{Step: &plan.Step{Kind: kind}, results: results}, reply: reply}
		for i, a := range results {
			if got, ok := rec.Attr(i, nil); ok {
				want, _ := rec.Object().GetAttr(a.Name).Unmark()
				if got.IsNull() != want.IsNull() || !got.IsNull() && !got.Cty().RawEquals(want) {
					t.Errorf("%s: %s is %s by its place, %s in the whole", name, a.Name, eval.Show(got.Cty()), eval.Show(want))
				}
			}
			if got, ok := rec.Attr(i, []string{"code"}); ok && a.Name == "error" && got.IsAbsent() != (reply.Problem == nil) {
				t.Errorf("%s: error.code is %s", name, eval.Show(got.Cty()))
			}
		}
	}
}
