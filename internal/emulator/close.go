package emulator

import (
	"maps"
	"slices"
)

// Close drops every project, as DropProject does. Whoever ends an emulator calls it
// before shutting down its servers, which wait for readers.
func (e *Emulator) Close() {
	e.mu.RLock()
	ids := slices.Collect(maps.Keys(e.projects))
	e.mu.RUnlock()
	for _, id := range ids {
		e.DropProject(id)
	}
}
