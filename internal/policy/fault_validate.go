package policy

import (
	"fmt"
	"slices"
	"strings"
)

const (
	maxFaults     = 100
	maxFaultName  = 64
	maxFaultCount = 1 << 30
	maxDripBytes  = 1 << 20
)

// ValidateFaults reports every problem of a list of faults, in order; nil means that
// they can be carried out. Settings begin with "fault".
func ValidateFaults(faults []Fault) []Problem {
	var found problems
	if len(faults) > maxFaults {
		found.add("fault", "more than %d faults", maxFaults)
		return found
	}
	seen := map[string]bool{}
	for i, f := range faults {
		at := fmt.Sprintf("fault[%d]", i)
		switch {
		case f.Name == "" || len(f.Name) > maxFaultName || strings.ContainsFunc(f.Name, notPlain):
			found.add(at+".name", "%q is not 1 to %d plain characters", f.Name, maxFaultName)
		case seen[f.Name]:
			found.add(at+".name", "%q is there twice", f.Name)
		}
		seen[f.Name] = true
		f.validate(at, &found)
	}
	return found
}

func (f *Fault) validate(at string, found *problems) {
	if !validMatch(f.Match) {
		found.add(at+".match", "%q is not a path behind a method, such as \"POST /v1/auth/otp/*\"", f.Match)
	}
	if !slices.Contains(FaultPhases(), f.Phase) {
		found.add(at+".phase", "%q is none of %s", f.Phase, strings.Join(FaultPhases(), ", "))
		return
	}
	if actions := FaultActions(f.Phase); !slices.Contains(actions, f.Action) {
		found.add(at+".action", "%q is none of %s, which the phase %q has", f.Action, strings.Join(actions, ", "), f.Phase)
		return
	}
	if f.Probability != nil {
		found.probability(at+".probability", *f.Probability)
	}
	for _, n := range []struct {
		name  string
		value int
	}{{"skip", f.Skip}, {"count", f.Count}} {
		if n.value < 0 || n.value > maxFaultCount {
			found.add(at+"."+n.name, "%d is not between 0 and %d", n.value, maxFaultCount)
		}
	}
	f.validateAnswer(at, found)
	switch {
	case f.Latency != nil && (f.Action == FaultLoss || f.Action == FaultDuplicate):
		found.add(at+".latency", "the action %q has none", f.Action)
	case f.Latency != nil:
		found.latency(at+".latency", *f.Latency)
	case f.Action == FaultLatency:
		found.add(at+".latency", "is required by the action %q", f.Action)
	}
}

func (f *Fault) validateAnswer(at string, found *problems) {
	answers := slices.Contains([]string{FaultStatus, FaultDrip, FaultTruncate, FaultGarbage}, f.Action)
	switch {
	case f.Status != 0 && !answers:
		found.add(at+".status", "the action %q has none", f.Action)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		found.add(at+".status", "%d is not between 200 and 599", f.Status)
	case f.Action == FaultStatus && f.Status != 0 && f.Status < 400:
		found.add(at+".status", "%d is no error; it is between 400 and 599", f.Status)
	case f.Status == 204 || f.Status == 304:
		found.add(at+".status", "%d has no body", f.Status)
	}
	switch {
	case f.ErrorCode != "" && f.Action != FaultStatus:
		found.add(at+".error_code", "belongs to the action %q", FaultStatus)
	case len(f.ErrorCode) > maxFaultName || strings.ContainsFunc(f.ErrorCode, notPlain):
		found.add(at+".error_code", "%q is longer than %d bytes or not plain ASCII", f.ErrorCode, maxFaultName)
	}
	switch {
	case f.RetryAfter != "" && !answers:
		found.add(at+".retry_after", "the action %q has no header", f.Action)
	case len(f.RetryAfter) > maxFaultName || strings.ContainsFunc(f.RetryAfter, notPlain):
		found.add(at+".retry_after", "%q is longer than %d bytes or not plain ASCII", f.RetryAfter, maxFaultName)
	}
	switch {
	case f.Action == FaultDrip && (f.BytesPerSecond < 1 || f.BytesPerSecond > maxDripBytes):
		found.add(at+".bytes_per_second", "%d is not between 1 and %d", f.BytesPerSecond, maxDripBytes)
	case f.Action != FaultDrip && f.BytesPerSecond != 0:
		found.add(at+".bytes_per_second", "belongs to the action %q", FaultDrip)
	}
}

func notPlain(r rune) bool { return r < ' ' || r > '~' }

func validMatch(pattern string) bool {
	if pattern == "" {
		return true
	}
	if verb, rest, ok := strings.Cut(pattern, " "); ok {
		if verb == "" || strings.Trim(verb, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return false
		}
		pattern = rest
	}
	star := strings.IndexByte(pattern, '*')
	return strings.HasPrefix(pattern, "/") && !strings.ContainsFunc(pattern, notPlain) && !strings.Contains(pattern, " ") &&
		(star < 0 || star == len(pattern)-1)
}
