package policy_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/policy"
)

// A change changes what it names, and everything can be named.
func TestDeliveryChange(t *testing.T) {
	t.Parallel()
	before := policy.DefaultDelivery()
	before.Loss = 0.5
	before.Carriers = []policy.Carrier{{Prefix: "+1", Reject: policy.RejectBlocked}, {Prefix: "+2"}}
	shared := before
	for text, change := range map[string]func(*policy.Delivery){
		`{}`:            func(*policy.Delivery) {},
		`{"loss":0}`:    func(d *policy.Delivery) { d.Loss = 0 },
		`{"loss":null}`: func(*policy.Delivery) {},
		`{"latency":"1s","duplicate":1,"reorder":1,"reorder_within":"2s","reject_at":"send"}`: func(d *policy.Delivery) {
			d.Latency.Value, d.Duplicate, d.Reorder, d.ReorderWithin, d.RejectAt = 1e9, 1, 1, 2e9, policy.RejectAtSend
		},
		`{"carrier":[]}`: func(*policy.Delivery) {},
		`{"carrier":[{"prefix":"+3"},{"prefix":"+1","reject":"no_geo"}]}`: func(d *policy.Delivery) {
			d.Carriers = []policy.Carrier{{Prefix: "+2"}, {Prefix: "+3"}, {Prefix: "+1", Reject: policy.RejectNoGeo}}
		},
	} {
		var c policy.DeliveryChange
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		want := before
		change(&want)
		if diff := cmp.Diff(c.Apply(before), want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", text, diff)
		}
		if diff := cmp.Diff(before, shared); diff != "" {
			t.Errorf("%s changed the settings themselves:\n%s", text, diff)
		}
	}
	names := func(of reflect.Type) (out []string) {
		for f := range of.Fields() {
			out = append(out, f.Name)
		}
		return out
	}
	if diff := cmp.Diff(names(reflect.TypeFor[policy.DeliveryChange]()), names(reflect.TypeFor[policy.Delivery]())); diff != "" {
		t.Errorf("what may change and what there is (-change +settings):\n%s", diff)
	}
}
