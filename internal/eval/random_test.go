package eval_test

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// draw gives the random values of one iteration.
func draw(t *testing.T, it eval.Iteration) []string {
	t.Helper()
	s := globals(nil).NewScope(it, nil, cty.NilVal)
	var out []string
	for _, text := range []string{"iteration.uuid", "uuid()", "tostring(randint(0, 999999))", "randstring(12)", "uuid()"} {
		v, diags := parse(t, text).Value(s)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		out = append(out, v.AsString())
	}
	return out
}

// These values are a promise: `--seed 42 --iteration 7` means the same in each version.
func TestRandomValuesStayTheSame(t *testing.T) {
	t.Parallel()
	got := [][]string{
		draw(t, eval.Iteration{Seed: 42, Scenario: "signin", ID: 7}),
		draw(t, eval.Iteration{Seed: 0, Scenario: "", ID: 0}),
	}
	want := [][]string{
		{
			"5336b3a4-3590-4998-b396-f92e2604dc08", "84dc0573-e9ad-433e-a58a-12cfd3cda496",
			"925141", "eoep73qx3lkv", "4432e2ed-1935-4c63-8f3d-c8544d6b4fad",
		},
		{
			"2681b25c-4979-4314-928b-e92493f434c7", "42cb85fd-5bca-453c-b27b-90e1f2cca310",
			"58224", "9sxceh03gt06", "bf642766-d58a-4943-8656-d6260bdb9776",
		},
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("random values (-got +want):\n%s", diff)
	}
}

func TestRandomValuesAreAFunctionOfTheIteration(t *testing.T) {
	t.Parallel()
	base := eval.Iteration{Seed: 1, Scenario: "a", ID: 5, Index: 1, VU: 1}
	same := eval.Iteration{Seed: 1, Scenario: "a", ID: 5, Index: 9, VU: 3}
	if diff := cmp.Diff(draw(t, base), draw(t, same)); diff != "" {
		t.Errorf("index and vu feed randomness:\n%s", diff)
	}
	seen := map[string]string{}
	for _, seed := range []uint64{0, 1, 2, 1 << 63} {
		for _, scenario := range []string{"a", "b", ""} {
			for id := range uint64(200) {
				name := fmt.Sprint(seed, scenario, id)
				for _, text := range draw(t, eval.Iteration{Seed: seed, Scenario: scenario, ID: id})[:2] {
					if before, ok := seen[text]; ok {
						t.Fatalf("%s and %s both drew %s", before, name, text)
					}
					seen[text] = name
				}
			}
		}
	}
}

func TestRandomValuesHaveTheirShape(t *testing.T) {
	t.Parallel()
	v4 := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	low, high := false, false
	for id := range uint64(300) {
		s := globals(nil).NewScope(iteration(id), nil, cty.NilVal)
		text := func(src string) string {
			v, diags := parse(t, src).Value(s)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			return v.AsString()
		}
		if u := text("uuid()"); !v4.MatchString(u) {
			t.Errorf("uuid() = %s", u)
		}
		if r := text("randstring(1024)"); len(r) != 1024 || !regexp.MustCompile(`^[a-z0-9]+$`).MatchString(r) {
			t.Errorf("randstring(1024) = %s", r)
		}
		n, err := strconv.Atoi(text("tostring(randint(-1, 1))"))
		if err != nil || n < -1 || n > 1 {
			t.Errorf("randint(-1, 1) = %d, %v", n, err)
		}
		low, high = low || n == -1, high || n == 1
	}
	if !low || !high {
		t.Error("randint does not reach both ends")
	}
	if got := mustValue(t, "randint(7, 7)"); !got.RawEquals(cty.NumberIntVal(7)) {
		t.Errorf("randint(7, 7) = %#v", got)
	}
	if got := mustValue(t, `can(formatdate("YYYY", timestamp()))`); !got.RawEquals(cty.True) {
		t.Error("timestamp() is no timestamp")
	}
}

func TestImpureFunctionsAreUnknownBeforeTheRun(t *testing.T) {
	t.Parallel()
	s := globals(nil).NewCheckScope(nil, cty.NilVal)
	for _, text := range []string{"uuid()", "randint(1, 2)", "randstring(3)", "timestamp()", "iteration.uuid", "iteration.id", "iteration.index", "vu.id"} {
		v, diags := parse(t, text).Value(s)
		if diags.HasErrors() || v.IsKnown() {
			t.Errorf("%s = %#v, %v, want unknown", text, v, diags)
		}
	}
}
