package runfile

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

// Write writes a run file. The same load gives the same bytes. The caller keeps w, and
// closes it.
func Write(w io.Writer, l *stats.Load) error {
	compressed := gzip.NewWriter(w)
	buffered := bufio.NewWriter(compressed)
	e := &encoder{w: buffered}
	if err := e.load(l); err != nil {
		return fmt.Errorf("write run file: %w", err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write run file: %w", err)
	}
	if err := compressed.Close(); err != nil {
		return fmt.Errorf("write run file: %w", err)
	}
	return nil
}

type encoder struct {
	w     *bufio.Writer
	lines int
}

func (e *encoder) line(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(line) >= maxLine {
		return fmt.Errorf("line %d has %d bytes, at most %d can be read again", e.lines+1, len(line), maxLine)
	}
	e.lines++
	if _, err := e.w.Write(line); err != nil {
		return err
	}
	return e.w.WriteByte('\n')
}

// load puts the totals first, and what is longest last: a file that was cut short most
// often lacks seconds and nothing else.
func (e *encoder) load(l *stats.Load) error {
	if err := e.line(header(l)); err != nil {
		return err
	}
	if err := e.line(totals(l)); err != nil {
		return err
	}
	for i := range l.Series {
		s := &l.Series[i]
		if err := e.line(seriesLine{
			typeSeries, s.Measure, s.Scenario, s.Step, s.Channel, s.Endpoint, s.Phase, s.Limit, counts(s.Counts), []byte(s.Histogram.Sparse()),
		}); err != nil {
			return err
		}
	}
	for _, t := range l.Thresholds {
		if err := e.line(threshold(t)); err != nil {
			return err
		}
	}
	for _, f := range l.Failures {
		if err := e.line(failure(f)); err != nil {
			return err
		}
	}
	for i := range l.Seconds {
		if err := e.line(second(&l.Seconds[i])); err != nil {
			return err
		}
	}
	return e.line(endLine{typeEnd, e.lines + 1})
}

func header(l *stats.Load) headerLine {
	return headerLine{
		Type: kind, FormatVersion: FormatVersion, Version: l.Run.Version, Seed: l.Run.Seed, Seeds: l.Seeds, StartedAt: l.Run.Start.UTC(),
		Targets: list(l.Run.Targets), Scenarios: l.Run.Scenarios, Iterations: l.Run.Iterations,
		Environment: environment(l.Environment), Part: part(l.Part), Profile: profile(l.Profile),
	}
}

func totals(l *stats.Load) totalsLine {
	out := totalsLine{
		Type: typeTotals, Verdict: l.Verdict, Truncated: l.Truncated, Notes: list(l.Notes), Wall: l.Wall, Interrupted: l.Interrupted, Aborted: l.Aborted, Early: l.Early,
		Iterations: counts(l.Iterations), Warmup: counts(l.Warmup), Drops: list(l.Drops), Requests: requests(l.Requests),
		Endpoints: []endpoint{}, Messages: list(l.Messages), Deliveries: []delivery{}, ErrorCodes: list(l.ErrorCodes), Health: health(l.Health),
	}
	out.Health.CPUMost, out.Health.CPUAll = finite(l.Health.CPUMost), finite(l.Health.CPUAll)
	for _, x := range l.Endpoints {
		out.Endpoints = append(out.Endpoints, endpoint{x.Name, list(x.Codes), list(x.Retries), list(x.Errors)})
	}
	for _, d := range l.Deliveries {
		out.Deliveries = append(out.Deliveries, delivery{d.Channel, list(d.Results), times(d.Duration)})
	}
	return out
}

func threshold(t stats.ThresholdResult) thresholdLine {
	out := thresholdLine{
		Type: typeThreshold, Name: t.Name, Condition: t.Condition, Verdict: t.Verdict, Message: t.Message,
		Observed: []observed{}, BrokenAt: t.BrokenAt, Evaluated: t.Evaluated, Window: t.Window, Aborted: t.Aborted,
	}
	for _, o := range t.Observed {
		out.Observed = append(out.Observed, observed(o))
	}
	return out
}

func failure(f stats.Failure) failureLine {
	out := failureLine{
		Type: typeFailure, Suite: f.Suite, Scenario: f.Scenario, Key: f.Key, Address: f.Address, Section: f.Section,
		Step: f.Step, Kind: f.Kind, ErrorCode: f.ErrorCode, Reason: f.Reason, Outcome: f.Outcome, Count: f.Count, Samples: []sample{},
	}
	if out.Outcome == 0 { // one that has no word can not be read again
		out.Outcome = result.Error
	}
	for _, s := range f.Samples {
		out.Samples = append(out.Samples, sample{s.Iteration, s.Seed, s.Start.UTC(), s.Duration, s.Message, s.Step})
	}
	return out
}

func second(s *stats.Second) secondLine {
	return secondLine{
		Type: typeSecond, Offset: s.Offset, Length: s.Length, Wanted: finite(s.Wanted), Started: s.Started, Ended: counts(s.Ended),
		Reasons: list(s.Reasons), Requests: s.Requests, RateLimited: s.RateLimited, InFlight: s.InFlight, Parked: s.Parked,
		Samples: samplesOf(s.Samples), Warmup: samplesOf(s.Warmup),
	}
}

func samplesOf(all []stats.SecondSamples) []secondSamples {
	out := make([]secondSamples, 0, len(all))
	for _, s := range all {
		out = append(out, secondSamples{s.Series, []byte(s.Samples)})
	}
	return out
}

// finite keeps a number that JSON has no form for from spoiling a file.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}

func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
