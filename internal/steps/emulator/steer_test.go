package emulator_test

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// send has a code or a link sent to alice, who may be new.
func (b *bench) send(path string) (status int, code string) {
	b.t.Helper()
	return b.call(path, `{"loginId":"`+alice+`"}`)
}

const (
	sendLink = "/v1/auth/magiclink/signup-in/sms"
	sendCode = "/v1/auth/otp/signup-in/sms"
	verify   = "/v1/auth/magiclink/verify"
)

// token is that of the newest link that was sent.
func (b *bench) token() string {
	b.t.Helper()
	resp, err := b.env.Control(b.t.Context(), "GET", "messages", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	var list struct {
		Messages []struct {
			Link string `json:"link"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(resp.Body, &list); err != nil || len(list.Messages) == 0 {
		b.t.Fatalf("messages %s: %v", resp.Body, err)
	}
	u, err := url.Parse(list.Messages[len(list.Messages)-1].Link)
	if err != nil {
		b.t.Fatal(err)
	}
	return u.Query().Get("t")
}

func (b *bench) follow(token string) (status int, code string) {
	b.t.Helper()
	return b.call(verify, `{"token":"`+token+`"}`)
}

func TestClockMakesLinksExpire(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.step("emulator_clock", map[string]cty.Value{"freeze": cty.True})
	b.send(sendLink)
	b.step("emulator_clock", map[string]cty.Value{"advance": text("2m59s")})
	if status, code := b.follow(b.token()); status != 200 {
		t.Errorf("a link right before its end: %d %s", status, code)
	}
	b.send(sendLink)
	b.step("emulator_clock", map[string]cty.Value{"advance": text("3m")})
	if status, code := b.follow(b.token()); status != 401 || code != "E062504" {
		t.Errorf("a link at its end: %d %s", status, code)
	}
}

func TestClockFreezes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.step("emulator_clock", map[string]cty.Value{"set": text("2030-01-31T12:00:00.5Z"), "freeze": cty.True})
	for range 2 {
		if r.Value("now").AsString() != "2030-01-31T12:00:00.5Z" || r.Value("frozen").False() {
			t.Errorf("now %#v, frozen %#v", r.Value("now"), r.Value("frozen"))
		}
		r = b.step("emulator_clock", nil) // looks
	}
	r = b.step("emulator_clock", map[string]cty.Value{"skew": text("-30s"), "freeze": cty.False})
	now, err := time.Parse(time.RFC3339Nano, r.Value("now").AsString())
	if err != nil || r.Value("frozen").True() || now.Year() != 2030 || now.Minute() == 0 {
		t.Errorf("now %s (%v), frozen %#v", now, err, r.Value("frozen"))
	}
}

func TestFaultStrikesAndIsCounted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	fault := map[string]cty.Value{
		"name": text("one/5xx"), "match": text("POST " + sendCode), "phase": text("before"), "action": text("status"),
		"status": cty.NumberIntVal(503), "count": cty.NumberIntVal(1), "latency": text("1ms"),
	}
	r := b.step("emulator_fault", fault)
	is(t, r, "matched", 0)
	for i, want := range []int{503, 200, 200} {
		if status, code := b.send(sendCode); status != want {
			t.Errorf("send %d: %d %s, want %d", i, status, code, want)
		}
	}
	b.send(sendLink) // is not meant
	look := map[string]cty.Value{"name": text("one/5xx")}
	r = b.step("emulator_fault", look)
	is(t, r, "matched", 3)
	is(t, r, "struck", 1)

	r = b.step("emulator_fault", fault) // replaces it
	is(t, r, "matched", 0)
	if status, _ := b.send(sendCode); status != 503 {
		t.Errorf("the fault that was replaced: %d", status)
	}
	look["remove"] = cty.True
	r = b.step("emulator_fault", look)
	is(t, r, "matched", 1)
	is(t, r, "struck", 1)
	delete(look, "remove")
	is(t, b.step("emulator_fault", look), "matched", 0)
}

func TestDeliveryIsLostAndCounted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.step("emulator_delivery", map[string]cty.Value{"loss": cty.NumberIntVal(1)})
	is(t, r, "pending", 0)
	b.send(sendCode)
	b.step("emulator_delivery", map[string]cty.Value{"loss": cty.NumberIntVal(0), "duplicate": cty.NumberIntVal(1)})
	b.send(sendCode)
	b.step("emulator_delivery", map[string]cty.Value{"latency": text("10m"), "duplicate": cty.NumberIntVal(0)})
	b.send(sendCode)
	for _, args := range []map[string]cty.Value{nil, {"to": text(alice)}} {
		r := b.step("emulator_messages", args)
		for name, want := range map[string]int64{"sent": 3, "delivered": 2, "pending": 1, "lost": 1, "rejected": 0, "duplicates": 1} {
			is(t, r, name, want)
		}
		states := map[string]int{}
		for _, m := range r.Value("messages").AsValueSlice() {
			states[m.GetAttr("state").AsString()]++
			if m.GetAttr("recipient").AsString() != alice || m.GetAttr("channel").AsString() != "sms" ||
				m.GetAttr("purpose").AsString() != "sign_up_or_in" || !m.GetAttr("segments").RawEquals(cty.NumberIntVal(1)) {
				t.Errorf("message %#v", m)
			}
		}
		if states["delivered"] != 2 || states["pending"] != 1 || states["lost"] != 1 {
			t.Errorf("states %v", states)
		}
	}
	r = b.step("emulator_messages", map[string]cty.Value{"to": text("+15555550177")})
	is(t, r, "sent", 0)
	if n := r.Value("messages").LengthInt(); n != 0 {
		t.Errorf("%d messages to nobody", n)
	}
	r = b.step("emulator_delivery", map[string]cty.Value{"pause": cty.True})
	if is(t, r, "pending", 1); r.Value("paused").False() {
		t.Error("deliveries are not paused")
	}
	is(t, b.step("emulator_delivery", nil), "pending", 1) // looks
	r = b.step("emulator_delivery", map[string]cty.Value{"pause": cty.False, "flush": cty.True})
	if is(t, r, "pending", 0); r.Value("paused").True() {
		t.Error("deliveries are paused")
	}
	is(t, b.step("emulator_messages", nil), "delivered", 3)
}

func TestResetForgetsEverything(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.send(sendLink)
	token := b.token()
	b.step("emulator_clock", map[string]cty.Value{"freeze": cty.True})
	b.step("emulator_fault", map[string]cty.Value{"name": text("f"), "phase": text("before"), "action": text("status")})
	b.step("emulator_reset", nil)
	if status, code := b.follow(token); status != 401 || code != "E062504" {
		t.Errorf("a link from before: %d %s", status, code)
	}
	is(t, b.step("emulator_messages", nil), "sent", 0)
	if r := b.step("emulator_clock", nil); r.Value("frozen").True() {
		t.Error("the clock stands still")
	}
	if status, _ := b.call("/v1/auth/magiclink/signin/sms", `{"loginId":"`+alice+`"}`); status != 400 {
		t.Errorf("a sign-in of nobody: %d", status)
	}
	if status, code := b.send(sendLink); status != 200 {
		t.Errorf("a sign-up after the reset: %d %s", status, code)
	}
}
