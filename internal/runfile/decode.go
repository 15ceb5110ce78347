package runfile

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/authbench/authbench/internal/hist"
	"github.com/authbench/authbench/internal/stats"
)

// Read reads a run file. It takes files from anybody: what it gives can be merged and
// shown without further checks, and takes memory in proportion to the file.
//
// A file that was cut short after its totals gives what was whole, together with an
// error that is [ErrTruncated] and says what is missing. Its verdict is then inconclusive
// if it was good: what is missing may say otherwise. With any other error the load is nil.
func Read(r io.Reader) (*stats.Load, error) {
	b := &budget{r: r}
	buffered := bufio.NewReader(b)
	compressed, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, errors.New("read run file: it is not a file that authbench load --out made")
	}
	d := &decoder{budget: b, load: new(stats.Load)}
	// What stands behind the run is told as that, not as a run that is damaged.
	compressed.Multistream(false)
	err = d.lines(compressed)
	switch {
	case errors.Is(err, ErrTruncated) && d.whole():
		d.cut()
		return d.load, fmt.Errorf("%w: %s", err, d.missing())
	case err != nil:
		return nil, err
	}
	if _, err := buffered.ReadByte(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read run file: something follows the end of the run")
	}
	return d.load, nil
}

type decoder struct {
	*budget
	load                *stats.Load
	count               int
	header, totals, end bool
	// last is the type of the last line.
	last lineType
	// covered is up to where seconds were read.
	covered int
	// scratch is where histograms are tried.
	scratch hist.Histogram
}

// whole tells whether enough was read to be of use.
func (d *decoder) whole() bool { return d.header && d.totals }

func (d *decoder) lines(r io.Reader) error {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, 64<<10), maxLine)
	for scanner.Scan() {
		if d.end {
			return errors.New("read run file: something follows its last line")
		}
		if err := d.line(scanner.Bytes()); err != nil {
			// A line that has no end yet is no mistake in itself: the stream tells.
			if !scanner.Scan() && cutShort(scanner.Err()) {
				return fmt.Errorf("read run file: %w, after %d lines", ErrTruncated, d.count)
			}
			return fmt.Errorf("read run file: line %d: %w", d.count+1, err)
		}
		d.count++
	}
	switch err := scanner.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("read run file: line %d is longer than %d MiB, which no run makes", d.count+1, maxLine>>20)
	case cutShort(err), err == nil && !d.end:
		return fmt.Errorf("read run file: %w, after %d lines", ErrTruncated, d.count)
	case errors.Is(err, gzip.ErrChecksum) || errors.As(err, new(flate.CorruptInputError)):
		return fmt.Errorf("read run file: the file is damaged, after line %d (%w)", d.count, err)
	case err != nil:
		return fmt.Errorf("read run file: %w", err)
	}
	return nil
}

func cutShort(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }

func (d *decoder) line(line []byte) error {
	heavy, err := weight(line)
	if err != nil {
		return err
	}
	var head struct {
		Type lineType `json:"type"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return err
	}
	if !d.header {
		if head.Type != kind {
			return errors.New("it is not a file that authbench load --out made")
		}
		return errors.Join(d.keep(heavy), d.headerLine(line))
	}
	if head.Type != typeTotals && !d.totals {
		return errors.New("the totals are missing")
	}
	d.last = head.Type
	switch head.Type {
	case typeTotals:
		return errors.Join(d.keep(heavy), d.totalsLine(line))
	case typeSeries:
		return d.seriesLine(line)
	case typeThreshold:
		return errors.Join(d.keep(heavy), d.thresholdLine(line))
	case typeFailure:
		return errors.Join(d.keep(heavy), d.failureLine(line))
	case typeSecond:
		return d.secondLine(line)
	case typeEnd:
		return d.endLine(line)
	}
	return nil // of a later minor version
}

func (d *decoder) headerLine(line []byte) error {
	var in headerLine
	if err := json.Unmarshal(line, &in); err != nil {
		return err
	}
	major, _, _ := strings.Cut(in.FormatVersion, ".")
	if ours, _, _ := strings.Cut(FormatVersion, "."); major != ours {
		return fmt.Errorf("format version %.20q is not one that this version of the program reads (%s)", in.FormatVersion, FormatVersion)
	}
	if in.Part.Index < 0 || in.Part.Of < 0 || in.Part.Of > maxParts || in.Part.Index >= max(in.Part.Of, 1) {
		return fmt.Errorf("part %d of %d is none", in.Part.Index, in.Part.Of)
	}
	if len(in.Seeds) > maxParts {
		return fmt.Errorf("it is the sum of %d runs, more than %d", len(in.Seeds), maxParts)
	}
	d.header = true
	l := d.load
	l.Seeds = in.Seeds
	l.Run.Version, l.Run.Seed, l.Run.Start, l.Run.Targets = in.Version, in.Seed, in.StartedAt, in.Targets
	l.Run.Scenarios, l.Run.Iterations = in.Scenarios, in.Iterations
	l.Environment, l.Part, l.Profile = stats.Environment(in.Environment), stats.Part(in.Part), stats.Profile(in.Profile)
	return positive(l.Profile.Duration, l.Profile.Warmup)
}
