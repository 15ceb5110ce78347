package main

import (
	"bytes"
	"encoding/json"

	"github.com/rogpeppe/go-internal/testscript"
)

// addsUp checks that the last line of a run's NDJSON accounts for every arrival, in all
// and of the warm-up: adds_up FILE.
func addsUp(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: adds_up FILE")
	}
	lines := bytes.Split(bytes.TrimSpace([]byte(ts.ReadFile(args[0]))), []byte("\n"))
	type account struct {
		Scheduled, Started                                 uint64
		Success, Failure, Error, Skipped, Aborted, Dropped uint64
	}
	var last struct {
		Type    string
		Summary struct {
			Iterations, Warmup account
			Drops              []struct{ Count uint64 }
		}
	}
	if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil || last.Type != "summary" {
		ts.Fatalf("%s: its last line is no summary: %v", args[0], err)
	}
	var dropped uint64
	for _, d := range last.Summary.Drops {
		dropped += d.Count
	}
	for name, n := range map[string]account{"iterations": last.Summary.Iterations, "warmup": last.Summary.Warmup} {
		if sum := n.Success + n.Failure + n.Error + n.Skipped + n.Aborted + n.Dropped; sum != n.Scheduled || n.Started != sum-n.Dropped {
			ts.Fatalf("%s: %s do not add up: %+v", args[0], name, n)
		}
		dropped -= n.Dropped
	}
	if dropped != 0 {
		ts.Fatalf("%s: the reasons of dropped arrivals do not add up", args[0])
	}
	if last.Summary.Iterations.Scheduled == 0 {
		ts.Fatalf("%s: nothing was scheduled", args[0])
	}
}
