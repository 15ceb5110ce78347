package generic

import (
	"slices"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/steps"
)

// agree compares what is read cheaply with the whole: every path below want.
func agree(t *testing.T, v steps.Values, name string, path []string, want cty.Value) {
	t.Helper()
	if got, ok := v.At(name, path); ok {
		switch {
		case want == cty.NilVal && !got.IsAbsent(), want != cty.NilVal && want.IsNull() && (got.IsAbsent() || !got.IsNull()):
			t.Fatalf("%s %q is %#v, want %#v", name, path, got.Cty(), want)
		case want != cty.NilVal && !want.IsNull() && !got.Cty().RawEquals(want):
			t.Fatalf("%s %q is %#v, want %#v", name, path, got.Cty(), want)
		}
	}
	if want == cty.NilVal || want.IsNull() || !want.Type().IsObjectType() {
		return
	}
	for key := range want.Type().AttributeTypes() {
		agree(t, v, name, append(slices.Clip(path), key), want.GetAttr(key))
	}
	if !want.Type().HasAttribute("nope") {
		agree(t, v, name, append(slices.Clip(path), "nope"), cty.NilVal)
	}
}

func FuzzFetched(f *testing.F) {
	for _, body := range []string{`{"a":{"b":[1,{"c":2}],"n":null,"f":0.1,"h":1e400}}`, `null`, `"x"`, `[{"a":1}]`, `{`, "\xff", `{} {}`, `12345678901234567890`, ` -0 `} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v := &fetched{body: body}
		for _, name := range []string{"body", "json", "nope"} {
			agree(t, v, name, nil, (&fetched{body: body}).Value(name))
		}
	})
}

func TestReceivedIsReadAsAWhole(t *testing.T) {
	t.Parallel()
	for _, r := range []*received{
		{message: &capture.Message{Channel: "sms", Body: "code 1", Links: []string{"https://x"}, ReceivedAt: time.Unix(1, 5)}, latency: 1500 * time.Microsecond, extracted: []part{{"a", "1"}, {"b", "2"}}},
		{message: &capture.Message{Subject: "Hello"}},
		{message: &capture.Message{}, extracted: []part{}},
	} {
		for _, name := range []string{"channel", "subject", "body", "links", "extracted", "received_at", "latency_ms", "nope"} {
			agree(t, r, name, nil, r.Value(name))
		}
	}
}
