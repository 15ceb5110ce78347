package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/policy"
)

func TestFaultMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		match, method, path string
		want                bool
	}{
		{"", "GET", "/v1/auth/me", true},
		{"/v1/auth/me", "GET", "/v1/auth/me", true},
		{"/v1/auth/me", "GET", "/v1/auth/me2", false},
		{"GET /v1/auth/me", "POST", "/v1/auth/me", false},
		{"POST /v1/auth/otp/*", "POST", "/v1/auth/otp/verify/sms", true},
		{"POST /v1/auth/otp/*", "POST", "/v1/auth/magiclink/verify", false},
		{"/*", "GET", "/v2/keys/P", true},
	} {
		f := policy.Fault{Match: c.match}
		if got := f.Matches(c.method, c.path); got != c.want {
			t.Errorf("%q and %s %s: %v, want %v", c.match, c.method, c.path, got, c.want)
		}
	}
}

func TestValidateFaults(t *testing.T) {
	t.Parallel()
	one, two := 1.0, 2.0
	fixed := &policy.Latency{Distribution: policy.Fixed, Value: 1}
	valid := []policy.Fault{
		{Name: "a", Phase: policy.PhaseBefore, Action: policy.FaultStatus, Status: 429, ErrorCode: "E130429", RetryAfter: "0.5"},
		{Name: "b", Phase: policy.PhaseAfterCommit, Action: policy.FaultReset, Match: "POST /v1/auth/*", Probability: &one, Skip: 1, Count: 2},
		{Name: "c", Phase: policy.PhaseDelivery, Action: policy.FaultLatency, Latency: fixed},
		{Name: "d", Phase: policy.PhaseJWKS, Action: policy.FaultStale},
		{Name: "e", Phase: policy.PhaseBefore, Action: policy.FaultDrip, BytesPerSecond: 10, Status: 200},
	}
	if got := policy.ValidateFaults(valid); got != nil {
		t.Errorf("valid faults: %v", got)
	}
	p := policy.Default()
	p.Faults = []policy.Fault{
		{Name: "", Phase: policy.PhaseBefore, Action: policy.FaultHang, Match: "otp"},
		{Name: "b", Phase: "during", Action: policy.FaultHang},
		{Name: "b", Phase: policy.PhaseBefore, Action: policy.FaultStale},
		{Name: "d", Phase: policy.PhaseBefore, Action: policy.FaultLatency, Probability: &two, Skip: -1, Count: -1},
		{Name: "e", Phase: policy.PhaseBefore, Action: policy.FaultStatus, Status: 204, ErrorCode: "\n", RetryAfter: "\r\nx: y", BytesPerSecond: 1},
		{Name: "f", Phase: policy.PhaseDelivery, Action: policy.FaultLoss, Status: 500, ErrorCode: "E1", RetryAfter: "1", Latency: fixed},
		{Name: "g", Phase: policy.PhaseBefore, Action: policy.FaultDrip, Status: 99, Latency: &policy.Latency{Distribution: "odd"}},
		{Name: "h", Phase: policy.PhaseBefore, Action: policy.FaultTruncate, Status: 304, Match: "POST /a*b"},
	}
	var got []string
	for _, problem := range p.Validate() {
		got = append(got, problem.Setting)
	}
	want := []string{
		"fault[0].name", "fault[0].match", "fault[1].phase", "fault[2].name", "fault[2].action",
		"fault[3].probability", "fault[3].skip", "fault[3].count", "fault[3].latency",
		"fault[4].status", "fault[4].error_code", "fault[4].retry_after", "fault[4].bytes_per_second",
		"fault[5].status", "fault[5].error_code", "fault[5].retry_after", "fault[5].latency",
		"fault[6].status", "fault[6].bytes_per_second", "fault[6].latency.distribution",
		"fault[7].match", "fault[7].status",
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("settings at fault (-got +want):\n%s", diff)
	}
}
