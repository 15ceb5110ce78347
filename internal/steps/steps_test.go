package steps_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "0": 0, "-1": 0, "0.5": 0, "soon": 0,
		"86400": 24 * time.Hour, "86401": 0, "99999999999999999999": 0,
		"Sun, 01 Mar 2026 12:01:00 GMT": time.Minute, "Sun, 01 Mar 2026 11:00:00 GMT": 0, "Fri, 01 Mar 2030 12:00:00 GMT": 0,
	} {
		if got := steps.RetryAfter(client.Header{{Name: "Retry-After", Value: value}}, now); got != want {
			t.Errorf("Retry-After %q is %s, want %s", value, got, want)
		}
	}
}

func TestPlainHeaders(t *testing.T) {
	t.Parallel()
	got := steps.PlainHeaders(client.Header{
		{Name: "X-A", Value: "1"}, {Name: "Set-Cookie", Value: "DS=x"}, {Name: "x-a", Value: "2"}, {Name: "Authorization", Value: "x"}, {Name: "Location", Value: "/y"},
	})
	if diff := cmp.Diff(got, map[string]string{"x-a": "1, 2", "location": "/y"}); diff != "" {
		t.Errorf("headers (-got +want):\n%s", diff)
	}
}

func TestFromJSON(t *testing.T) {
	t.Parallel()
	d := json.NewDecoder(strings.NewReader(`{"n":12345678901234567890,"f":1.5,"s":"x","b":true,"z":null,"l":[1,"a",[]],"o":{}}`))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	want := cty.ObjectVal(map[string]cty.Value{
		"n": cty.MustParseNumberVal("12345678901234567890"), "f": cty.NumberFloatVal(1.5), "s": cty.StringVal("x"), "b": cty.True,
		"z": cty.NullVal(cty.DynamicPseudoType), "o": cty.EmptyObjectVal,
		"l": cty.TupleVal([]cty.Value{cty.NumberIntVal(1), cty.StringVal("a"), cty.EmptyTupleVal}),
	})
	if got := steps.FromJSON(v); !got.RawEquals(want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}

func TestFaulted(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault    client.Fault
		unjudged bool
		reason   result.Reason
	}{
		{client.FaultDNS, true, result.ReasonDNS},
		{client.FaultConnect, true, result.ReasonConnect},
		{client.FaultTLS, true, result.ReasonTLS},
		{client.FaultCanceled, true, result.ReasonCanceled},
		{client.FaultRequest, true, result.ReasonInternal},
		{client.FaultTimeout, false, result.ReasonTimeout},
		{client.FaultReset, false, result.ReasonConnect},
		{client.FaultTruncated, false, result.ReasonOther},
		{client.FaultOversized, false, result.ReasonOther},
		{client.FaultProtocol, false, result.ReasonOther},
	}
	for _, tt := range tests {
		r := steps.Faulted(&client.Error{Fault: tt.fault, Address: "a:1", Err: errors.New("why")})
		if r.OK || r.Unjudged != tt.unjudged || r.Reason != tt.reason || r.Message == "" {
			t.Errorf("%s: unjudged %v, reason %s, want %v, %s", tt.fault, r.Unjudged, r.Reason, tt.unjudged, tt.reason)
		}
	}
	if r := steps.Faulted(errors.New("no client error")); !r.Unjudged || r.Reason != result.ReasonInternal {
		t.Errorf("another error: %+v", r)
	}
}

func TestArgs(t *testing.T) {
	t.Parallel()
	a := steps.ArgsOf(map[string]cty.Value{
		"s": cty.StringVal("x"), "u": cty.UnknownVal(cty.String), "n": cty.NullVal(cty.String), "i": cty.NumberFloatVal(7.9),
		"b": cty.True, "d": cty.StringVal("1m"), "m": cty.ObjectVal(map[string]cty.Value{"a": cty.StringVal("b"), "c": cty.NullVal(cty.String)}),
	})
	if a.String("s") != "x" || a.String("u") != "" || a.String("n") != "" || a.String("i") != "" || a.String("none") != "" {
		t.Error("texts are wrong")
	}
	if a.Int("i") != 7 || a.Int("s") != 0 || !a.Bool("b") || a.Bool("s") || a.Duration("d") != time.Minute || a.Duration("s") != 0 {
		t.Error("numbers, truth values or durations are wrong")
	}
	if a.Has("u") || a.Has("n") || a.Has("none") || !a.Has("s") {
		t.Error("absence is wrong")
	}
	if diff := cmp.Diff(a.Strings("m"), map[string]string{"a": "b"}); diff != "" || a.Strings("s") != nil {
		t.Errorf("maps of texts are wrong: %s", diff)
	}
}
