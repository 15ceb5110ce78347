package policy_test

import (
	"reflect"
	"testing"

	"github.com/authbench/authbench/internal/policy"
)

// No list of a complete policy is nil, whatever lists it comes to have.
func TestCompleteHasEveryList(t *testing.T) {
	t.Parallel()
	var p policy.Project
	p.Limits, p.Users, p.Answers = make([]policy.Limit, 1), make([]policy.User, 1), make([]policy.Answer, 1)
	p.Faults, p.Delivery.Carriers = make([]policy.Fault, 1), make([]policy.Carrier, 1)
	lists(t, "policy", reflect.ValueOf(p.Complete()), true)
	lists(t, "policy", reflect.ValueOf(policy.Project{}.Complete()), false)
	if p.Users[0].Status != "" || p.Limits[0].Routes != nil {
		t.Error("the original is changed")
	}
	if got := p.Complete().Users[0].Status; got != policy.StatusEnabled {
		t.Errorf("status %q", got)
	}
}

// lists looks for nil lists; with filled, those of structs must have an entry to look at.
func lists(t *testing.T, at string, v reflect.Value, filled bool) {
	t.Helper()
	switch v.Kind() {
	case reflect.Struct:
		for field, value := range v.Fields() {
			lists(t, at+"."+field.Name, value, filled)
		}
	case reflect.Slice:
		if v.IsNil() {
			t.Errorf("%s is nil", at)
		}
		if filled && v.Len() == 0 && v.Type().Elem().Kind() == reflect.Struct {
			t.Errorf("%s has no entry that the test could look at", at)
		}
		for i := range v.Len() {
			lists(t, at, v.Index(i), filled)
		}
	}
}
