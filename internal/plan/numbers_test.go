package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/plan"
)

func TestNumbersAndUsers(t *testing.T) {
	t.Parallel()
	set := &plan.Dataset{Name: "phones"}
	p := &plan.Plan{Size: 3, Datasets: []*plan.Dataset{set}, Scenarios: []*plan.Scenario{
		{Address: "scenario.a"}, {Address: "scenario.b", Place: 1, Datasets: []*plan.Dataset{set}}, {Address: "scenario.c", Place: 2, Datasets: []*plan.Dataset{set}},
	}}
	for run, want := range map[string][]bool{
		"":      {true, true, true, true, true, true},
		"[ab]":  {true, true, false, true, true, false},
		"^[b]$": {true, true, true, true, true, true},
	} {
		s, err := plan.NewSelector(run, "")
		if err != nil {
			t.Fatal(err)
		}
		some := s.Select(s.Select(p))
		var got []bool
		for n := range uint64(6) {
			got = append(got, plan.Numbers([]*plan.Plan{some}, n))
		}
		if d := cmp.Diff(got, want); d != "" {
			t.Errorf("--run %q (-got +want):\n%s", run, d)
		}
		if d := cmp.Diff(some.Users(set), []int{1, 2}); d != "" {
			t.Errorf("--run %q: users (-got +want):\n%s", run, d)
		}
	}
	if plan.Numbers(nil, 0) {
		t.Error("no plan has an iteration")
	}
}
