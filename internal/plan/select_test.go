package plan_test

import (
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/plan"
)

func TestTags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		expr, tags string
		want       bool
	}{
		{"", "", true}, {"  ", "a", true},
		{"a", "a b", true}, {"a", "b", false}, {"!a", "b", true}, {"!!a", "a", true},
		{"a && b", "a", false}, {"a&&b", "b a", true}, {"a || b", "b", true}, {"a,b", "b", true}, {"a , b", "c", false},
		{"a || b && c", "a", true}, {"a || b && c", "b", false}, {"(a || b) && c", "a", false}, {"(a || b) && c", "a c", true},
		{"a && !b || c", "a b", false}, {"a && !b || c", "c b", true}, {"a && !(b, c)", "a c", false}, {"F01", "F01", true}, {"f01", "F01", false},
		{"phone-pool && x_1.2", "phone-pool x_1.2", true}, {"é", "é", true},
	} {
		s, err := plan.NewSelector("", c.expr)
		if err != nil {
			t.Errorf("%q: %v", c.expr, err)
			continue
		}
		if got := s.Selects(&plan.Scenario{Address: "scenario.x", Tags: strings.Fields(c.tags)}); got != c.want {
			t.Errorf("%q selects %q: %v, want %v", c.expr, c.tags, got, c.want)
		}
	}
}

func TestSelectionErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ run, tags, want string }{
		{"(", "", `run expression "(": error parsing regexp: missing closing ): ` + "`(`"},
		{"", "a &&", `tags expression "a &&": it ends where a tag should stand`},
		{"", "(a", `tags expression "(a": it ends where ) should stand`},
		{"", "a)", `tags expression "a)": it has ")" where &&, || or the end should stand`},
		{"", "a b", `tags expression "a b": it has "b" where &&, || or the end should stand`},
		{"", "a & b", `tags expression "a & b": write && for and`},
		{"", "a | b", `tags expression "a | b": write || for or`},
		{"", "()", `tags expression "()": it has ")" where a tag should stand`},
		{"", ",", `tags expression ",": it has "," where a tag should stand`},
		{"", strings.Repeat("!", 5000), "selection: longer than 4096 bytes"},
	} {
		if _, err := plan.NewSelector(c.run, c.tags); err == nil || err.Error() != c.want {
			t.Errorf("NewSelector(%q, %q) = %v, want %s", c.run, c.tags, err, c.want)
		}
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Suite: "s", Scenarios: []*plan.Scenario{
		{Address: `scenario.update["sms"]`, Tags: []string{"smoke"}}, {Address: `scenario.update["email"]`}, {Address: "scenario.signin", Tags: []string{"smoke"}},
	}}
	for _, c := range []struct{ run, tags, want string }{
		{"", "", `update["sms"] update["email"] signin`},
		{"^update", "", `update["sms"] update["email"]`},
		{`\["sms"\]$`, "", `update["sms"]`},
		{"scenario", "", ""},
		{"in", "smoke", "signin"},
	} {
		s, err := plan.NewSelector(c.run, c.tags)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, sc := range s.Select(p).Scenarios {
			got = append(got, strings.TrimPrefix(sc.Address, "scenario."))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("--run %q --tags %q selects %v, want %s", c.run, c.tags, got, c.want)
		}
	}
	if len(p.Scenarios) != 3 {
		t.Error("Select changed the plan")
	}
}

func FuzzNewSelector(f *testing.F) {
	for _, s := range []string{"", "a && !b || c", "(a, b) && !c", "((((", "!!!!", "a&b", "é||\x00", ",,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, tags string) {
		s, err := plan.NewSelector("", tags)
		if err != nil {
			return
		}
		sc := &plan.Scenario{Address: "scenario.x", Tags: []string{"a", "b"}}
		if once, again := s.Selects(sc), s.Selects(sc); once != again {
			t.Error("a selection changes its mind")
		}
		// What is taken once is taken in parentheses, and its negation is its opposite.
		if strings.TrimSpace(tags) == "" || len(tags) > 4000 {
			return
		}
		not, err := plan.NewSelector("", "!("+tags+")")
		if err != nil {
			t.Fatalf("%q is an expression, and its negation is not: %v", tags, err)
		}
		if not.Selects(sc) == s.Selects(sc) {
			t.Errorf("%q and its negation select the same", tags)
		}
	})
}
