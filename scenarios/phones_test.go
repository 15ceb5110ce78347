package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// TestPhones: iterations have ids of their own, whatever scenario they belong to, so
// no two may share a number when each scenario's numbers differ from those of every
// scenario under another id.
func TestPhones(t *testing.T) {
	t.Parallel()
	const iterations = 10_000
	p := suite(t)
	locals := map[string]*eval.Layout{} // by text: few are written in many places
	for _, sc := range p.Scenarios {
		for name, e := range sc.Locals {
			if strings.Contains(e.Site().Text(), "fake_phone") {
				locals[e.Site().Text()] = &eval.Layout{Locals: []eval.LocalLayout{{Name: name, Expr: e}}}
			}
		}
	}
	if len(locals) == 0 {
		t.Fatal("no scenario has a phone number")
	}
	owner := map[string]uint64{}
	for id := range uint64(iterations) {
		numbers := map[string]string{}
		for text, local := range locals {
			scope := p.Globals.NewScope(eval.Iteration{ID: id}, local, cty.NilVal)
			for _, l := range local.Locals {
				v, diags := scope.Local(l.Name)
				if diags.HasErrors() {
					t.Fatalf("iteration %d: %s: %s", id, text, diags[0].Detail)
				}
				number := v.AsString()
				if other, taken := owner[number]; taken && other != id {
					t.Fatalf("iterations %d and %d both have %s", other, id, number)
				}
				if other, taken := numbers[number]; taken {
					t.Fatalf("iteration %d has %s twice: as %s and as %s", id, number, other, text)
				}
				owner[number], numbers[number] = id, text
			}
		}
	}
}

// TestOwnIdentities: no scenario names a fixed person, whom two iterations would share.
func TestOwnIdentities(t *testing.T) {
	t.Parallel()
	for _, sc := range suite(t).Scenarios {
		for _, s := range slices.Concat(sc.Setup, sc.Body) {
			for _, a := range s.Args {
				if a.Spec.Name != "login_id" && a.Spec.Name != "phone" && a.Spec.Name != "to" {
					continue
				}
				if !a.Value.RefersTo("local") {
					t.Errorf("%s, step %s: %s = %s is not a local of the iteration", sc.Name, s.Name, a.Spec.Name, a.Value.Site().Text())
				}
			}
		}
	}
}
