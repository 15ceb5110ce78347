package emulator_test

import (
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/policy"
)

// A step changes what it names. What the provider's block says holds on, and comes back.
func TestDeliveryKeepsWhatIsNotNamed(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.Delivery.Carriers = []policy.Carrier{{Prefix: "+1555", Reject: policy.RejectBlocked}, {Prefix: "+1", Loss: new(float64)}}
	})
	fares := func(want string) {
		t.Helper()
		before := b.step("emulator_messages", nil)
		if status, code := b.send(sendCode); status != 200 {
			t.Errorf("send: %d %s", status, code)
		}
		after := b.step("emulator_messages", nil)
		for _, name := range []string{"delivered", "pending", "lost", "rejected"} {
			one := int64(0)
			if name == want {
				one = 1
			}
			if got := after.Value(name).Subtract(before.Value(name)); !got.RawEquals(cty.NumberIntVal(one)) {
				t.Errorf("%#v more are %s, want that one is %s", got, name, want)
			}
		}
	}
	fares("rejected")
	b.step("emulator_delivery", map[string]cty.Value{"latency": text("1m"), "reorder_within": text("2s")})
	fares("rejected")
	b.step("emulator_delivery", map[string]cty.Value{"carrier": objectOf("+1555", cty.EmptyObjectVal)})
	fares("pending")
	b.step("emulator_delivery", map[string]cty.Value{"carrier": objectOf("+15555", cty.ObjectVal(map[string]cty.Value{
		"loss": cty.NumberIntVal(1), "latency": objectOf("value", text("3s")),
	}))})
	fares("lost")
	b.step("emulator_delivery", map[string]cty.Value{"restore": cty.True})
	fares("rejected")
	b.step("emulator_delivery", map[string]cty.Value{"reject_at": text(policy.RejectAtSend)})
	if status, code := b.send(sendCode); status != 400 || code != "EAB0422" {
		t.Errorf("a send that is refused: %d %s", status, code)
	}
	uniform := cty.ObjectVal(map[string]cty.Value{"distribution": text(policy.Uniform), "min": text("1m"), "max": text("2m")})
	b.step("emulator_delivery", map[string]cty.Value{"restore": cty.True, "latency": uniform, "carrier": objectOf("+1555", cty.EmptyObjectVal)})
	fares("pending")
	b.step("emulator_clock", map[string]cty.Value{"advance": text((2 * time.Minute).String())})
	is(t, b.step("emulator_delivery", nil), "pending", 0)
	b.step("emulator_reset", nil)
	fares("rejected")
}
