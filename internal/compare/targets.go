package compare

import "github.com/authbench/authbench/internal/result"

// sameTarget leaves the port of an emulator out: it is another in every run.
func sameTarget(a, b result.Target) bool {
	if a.Kind == result.Emulator && b.Kind == result.Emulator {
		return a.Provider == b.Provider
	}
	return a.Provider == b.Provider && a.BaseURL == b.BaseURL && a.ProjectID == b.ProjectID
}
