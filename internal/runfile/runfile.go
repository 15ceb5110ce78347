// Package runfile keeps what a load run came to in one file.
//
// A file is gzip round lines of JSON: a header that names the format and the plan, the
// totals with whole histograms, then one line for each second, and a last line that
// says how many there were. Histograms are written bucket for bucket, so files of parts
// of a run, and of runs of one plan, merge without error.
//
// The package opens no file and shows nothing. Start at [Write], [Read] and [Merge].
package runfile

import "errors"

// FormatVersion is the version of the file format. A reader refuses another major
// version, and skips lines and fields that it does not know.
const FormatVersion = "1.0"

// kind is the type of the header, so that a file of something else is told apart.
const kind = "authbench_load"

// ErrTruncated tells that a file ends early. What was whole is usable.
var ErrTruncated = errors.New("the file ends early")

// Bounds on what a file may hold. They are far above what a run makes.
const (
	maxLine       = 8 << 20
	maxSeries     = 1 << 14
	maxFailures   = 1 << 12
	maxThresholds = 1 << 10
	maxOffset     = 31 * 24 * 60 * 60
	maxParts      = 1 << 14
	maxRate       = 1e12
	// maxSamples keeps the sum over all seconds of all files within 64 bits.
	maxSamples = 1 << 40
)
