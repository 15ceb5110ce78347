package runfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/stats"
)

func (d *decoder) totalsLine(line []byte) error {
	if d.totals {
		return errors.New("the totals stand there twice")
	}
	var in totalsLine
	if err := json.Unmarshal(line, &in); err != nil {
		return err
	}
	if most, all := in.Health.CPUMost, in.Health.CPUAll; most < 0 || most > 1 || all < 0 || all > 1 {
		return errors.New("a share of the CPU is not from 0 to 1")
	}
	d.totals = true
	l := d.load
	l.Verdict, l.Truncated, l.Notes = in.Verdict, in.Truncated, in.Notes
	l.End = stats.End{Wall: in.Wall, Interrupted: in.Interrupted, Aborted: in.Aborted, Early: in.Early}
	l.Iterations, l.Warmup, l.Drops = stats.Counts(in.Iterations), stats.Counts(in.Warmup), in.Drops
	l.Requests, l.Messages, l.ErrorCodes = stats.Requests(in.Requests), in.Messages, in.ErrorCodes
	l.Health = stats.Health(in.Health)
	for _, x := range in.Endpoints {
		l.Endpoints = append(l.Endpoints, stats.Endpoint(x))
	}
	for _, one := range in.Deliveries {
		l.Deliveries = append(l.Deliveries, stats.DeliverySummary{
			Channel: one.Channel, Results: one.Results, Duration: stats.Times(one.Duration),
		})
	}
	return positive(l.Wall, l.Health.LatenessP99)
}

// perOctave is what a doubling of durations takes in a histogram, octaves how many
// there can be.
const (
	perOctave = 1 << 10
	octaves   = 64
)

func (d *decoder) seriesLine(line []byte) error {
	var in seriesLine
	if err := json.Unmarshal(line, &in); err != nil {
		return err
	}
	if len(d.load.Series) == maxSeries {
		return fmt.Errorf("it has more than %d series", maxSeries)
	}
	if err := d.keep(len(line) + perOctave*min(octaves, len(in.Histogram))); err != nil {
		return err
	}
	d.load.Series = append(d.load.Series, stats.Series{
		SeriesKey: stats.SeriesKey{Measure: in.Measure, Scenario: in.Scenario, Step: in.Step, Channel: in.Channel, Endpoint: in.Endpoint, Phase: in.Phase, Limit: in.Limit},
		Counts:    stats.Counts(in.Counts),
	})
	return add(&d.load.Series[len(d.load.Series)-1].Histogram, hist.Sparse(in.Histogram))
}

func add(h *hist.Histogram, s hist.Sparse) error {
	if err := h.AddSparse(s); err != nil {
		return err
	}
	if h.Count() > maxSamples {
		return errors.New("a histogram counts more than any run can make")
	}
	return nil
}

func (d *decoder) thresholdLine(line []byte) error {
	var in thresholdLine
	if err := json.Unmarshal(line, &in); err != nil {
		return err
	}
	if len(d.load.Thresholds) == maxThresholds {
		return fmt.Errorf("it has more than %d thresholds", maxThresholds)
	}
	out := stats.ThresholdResult{
		Name: in.Name, Condition: in.Condition, Verdict: in.Verdict, Message: in.Message, BrokenAt: in.BrokenAt,
		Evaluated: in.Evaluated, Window: in.Window, Aborted: in.Aborted,
	}
	for _, o := range in.Observed {
		out.Observed = append(out.Observed, stats.Observed(o))
	}
	d.load.Thresholds = append(d.load.Thresholds, out)
	return positive(in.BrokenAt, in.Window)
}

func (d *decoder) failureLine(line []byte) error {
	var in failureLine
	if err := json.Unmarshal(line, &in); err != nil {
		return err
	}
	if len(d.load.Failures) == maxFailures {
		return fmt.Errorf("it has more than %d sorts of failure", maxFailures)
	}
	out := stats.Failure{
		Suite: in.Suite, Scenario: in.Scenario, Key: in.Key, Address: in.Address, Section: in.Section, Step: in.Step,
		Kind: in.Kind, ErrorCode: in.ErrorCode, Reason: in.Reason, Outcome: in.Outcome, Count: in.Count,
	}
	for _, s := range in.Samples {
		out.Samples = append(out.Samples, stats.Sample{
			Iteration: s.Iteration, Seed: s.Seed, Start: s.StartedAt, Duration: s.Duration, Message: s.Message, Step: s.Step,
		})
	}
	d.load.Failures = append(d.load.Failures, out)
	return nil
}

// sizeOfSecond is what a second takes besides its histograms.
const sizeOfSecond = 256

func (d *decoder) secondLine(line []byte) error {
	var in secondLine
	if err := json.Unmarshal(line, &in); err != nil {
		return err
	}
	if err := d.keep(len(line) + sizeOfSecond); err != nil {
		return err
	}
	if in.Length < 1 || in.Offset < 0 || in.Offset > maxOffset-in.Length || in.Offset < d.covered {
		return fmt.Errorf("second %d is out of order", in.Offset)
	}
	d.covered = in.Offset + in.Length
	if in.Wanted < 0 || in.Wanted > maxRate || in.InFlight < 0 || in.Parked < 0 {
		return fmt.Errorf("second %d has numbers out of range", in.Offset)
	}
	out := stats.Second{
		Offset: in.Offset, Length: in.Length, Wanted: in.Wanted, Started: in.Started, Ended: stats.Counts(in.Ended),
		Reasons: in.Reasons, Requests: in.Requests, RateLimited: in.RateLimited, InFlight: in.InFlight, Parked: in.Parked,
	}
	var err error
	if out.Samples, err = d.samples(in.Samples); err == nil {
		out.Warmup, err = d.samples(in.Warmup)
	}
	if err != nil {
		return fmt.Errorf("second %d: %w", in.Offset, err)
	}
	d.load.Seconds = append(d.load.Seconds, out)
	return nil
}

// samples decodes every histogram for the sake of its mistakes: whoever reads a second
// later finds none.
func (d *decoder) samples(in []secondSamples) ([]stats.SecondSamples, error) {
	var out []stats.SecondSamples
	for _, s := range in {
		if s.Series < 0 || s.Series >= len(d.load.Series) {
			return nil, errors.New("samples of a series that is not there")
		}
		d.scratch.Reset()
		if err := add(&d.scratch, hist.Sparse(s.Histogram)); err != nil {
			return nil, err
		}
		out = append(out, stats.SecondSamples{Series: s.Series, Samples: hist.Sparse(s.Histogram)})
	}
	return out, nil
}

func (d *decoder) endLine(line []byte) error {
	var in endLine
	if err := json.Unmarshal(line, &in); err != nil {
		return err
	}
	if in.Lines != d.count+1 {
		return fmt.Errorf("it has %d lines, and was written with %d", d.count+1, in.Lines)
	}
	d.end = true
	return nil
}

func positive(all ...time.Duration) error {
	for _, d := range all {
		if d < 0 {
			return errors.New("it has a time below zero")
		}
	}
	return nil
}
