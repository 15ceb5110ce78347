package metrics

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/klauspost/compress/s2"
	"github.com/prometheus/client_golang/prometheus"
)

const (
	// writePace is how often a snapshot is sent, where nothing else is asked for.
	writePace = 5 * time.Second
	// maxSeries is how many series one request holds.
	maxSeries = 2000
	// tries is how often a request is made at most; the wait between two doubles from
	// firstWait. A receiver that asks for more than maxWait is asked again after that.
	tries     = 6
	firstWait = 250 * time.Millisecond
	maxWait   = 10 * time.Second
)

// RemoteOptions say where metrics are written to.
type RemoteOptions struct {
	// URL is the receiver's, such as http://prometheus:9090/api/v1/write. It holds no
	// credentials.
	URL         string
	Credentials Credentials
	// Labels are put on every series; job and instance are usual.
	Labels map[string]string
	// Every is the time between two snapshots, 0 for five seconds.
	Every time.Duration
	// Client makes the requests, nil for one that verifies TLS as Go does.
	Client *http.Client
}

// RemoteWriter sends snapshots of all metrics by Prometheus remote write 1.0, from
// [RemoteWriter.Start] on until [RemoteWriter.Close]. Histograms are sent as classic
// ones: a receiver that knows no native ones refuses a whole request for one of them.
//
// A snapshot that is not taken is left out, for the next one holds all that it held.
type RemoteWriter struct {
	receiver *receiver
	gatherer prometheus.Gatherer
	labels   map[string]string
	every    time.Duration
	cancel   context.CancelFunc
	done     chan struct{}
	begin    sync.Once

	// What follows belongs to the goroutine of the writer, and after it to Close.
	sent       map[string]struct{} // series, by their labels
	last       int64               // time of the last snapshot
	snapshots  int
	lost       int
	lastFailed error
}

// NewRemoteWriter makes a writer of what g gathers. It sends nothing yet.
func NewRemoteWriter(g prometheus.Gatherer, o RemoteOptions) (*RemoteWriter, error) {
	to, err := newReceiver(o.URL, o.Credentials, o.Client)
	if err != nil {
		return nil, fmt.Errorf("remote write: %w", err)
	}
	if o.Every <= 0 {
		o.Every = writePace
	}
	return &RemoteWriter{receiver: to, gatherer: g, labels: o.Labels, every: o.Every, sent: make(map[string]struct{})}, nil
}

// Start sends a snapshot from time to time, until Close.
func (w *RemoteWriter) Start() {
	w.begin.Do(func() {
		ctx, cancel := context.WithCancel(context.Background())
		w.cancel, w.done = cancel, make(chan struct{})
		go w.loop(ctx)
	})
}

func (w *RemoteWriter) loop(ctx context.Context) {
	defer close(w.done)
	ticker := time.NewTicker(w.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			err := w.snapshot(ctx)
			if ctx.Err() != nil {
				return // Close sends the same numbers, and later ones
			}
			if w.snapshots++; err != nil {
				w.lost++
				w.lastFailed = err
			}
		}
	}
}

// Close sends the last snapshot and then, for every series, the marker that it has
// ended. It tries again for as long as ctx lasts, which is the caller's to bound: a
// receiver that hangs would be waited for for minutes. The error names the receiver's
// host and tells that these were not taken, or how many snapshots before them were not.
func (w *RemoteWriter) Close(ctx context.Context) error {
	w.begin.Do(func() {}) // there is no start after an end
	if w.done != nil {
		w.cancel()
		<-w.done
	}
	if err := w.snapshot(ctx); err != nil {
		return fmt.Errorf("remote write: the last numbers were not taken: %w", err)
	}
	if err := w.end(ctx); err != nil {
		return fmt.Errorf("remote write: the end of the series was not taken: %w", err)
	}
	if w.lost > 0 {
		return fmt.Errorf("remote write: %d of %d snapshots were not taken, the last numbers were: %w", w.lost, w.snapshots+1, w.lastFailed)
	}
	return nil
}

// snapshot sends all metrics as they are, and ends the series that are gone.
func (w *RemoteWriter) snapshot(ctx context.Context) error {
	families, err := w.gatherer.Gather()
	if err != nil {
		return fmt.Errorf("gather metrics: %w", err)
	}
	all := points(families, w.labels)
	there := make(map[string]struct{}, len(all))
	for _, p := range all {
		there[p.labels] = struct{}{}
	}
	for labels := range w.sent {
		if _, still := there[labels]; !still {
			all = append(all, point{labels, staleMarker})
		}
	}
	sortPoints(all)
	// The series that are sent now are to be ended, even if the answer is lost.
	for labels := range there {
		w.sent[labels] = struct{}{}
	}
	if err := w.send(ctx, all); err != nil {
		return err
	}
	w.sent = there
	return nil
}

// end marks every series as ended.
func (w *RemoteWriter) end(ctx context.Context) error {
	all := make([]point, 0, len(w.sent))
	for labels := range w.sent {
		all = append(all, point{labels, staleMarker})
	}
	sortPoints(all)
	clear(w.sent)
	return w.send(ctx, all)
}

// send writes series at one moment, later than all before.
func (w *RemoteWriter) send(ctx context.Context, all []point) error {
	w.last = max(time.Now().UnixMilli(), w.last+1)
	for batch := range slices.Chunk(all, maxSeries) {
		if err := w.post(ctx, s2.EncodeSnappy(nil, appendRequest(nil, batch, w.last))); err != nil {
			return err
		}
	}
	return nil
}

// post makes a request, again while the receiver says that it may go better later.
func (w *RemoteWriter) post(ctx context.Context, body []byte) error {
	wait := firstWait
	var before error
	for try := 1; ; try++ {
		later, err := w.try(ctx, body)
		if err != nil && ctx.Err() != nil && before != nil {
			return givenUp(ctx, before) // what went wrong, not that time is up
		}
		if err == nil || later < 0 || try == tries {
			return err
		}
		before = err
		timer := time.NewTimer(min(max(later, wait), maxWait))
		select {
		case <-ctx.Done():
			timer.Stop()
			return givenUp(ctx, err)
		case <-timer.C:
		}
		wait *= 2
	}
}

// givenUp says what went wrong before ctx ended, and why it did.
func givenUp(ctx context.Context, before error) error {
	return fmt.Errorf("%w (%w)", before, context.Cause(ctx))
}

// try makes a request once. later is how long to wait at least before another try, and
// below 0 when that is of no use.
func (w *RemoteWriter) try(ctx context.Context, body []byte) (later time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.receiver.url.String(), bytes.NewReader(body))
	if err != nil {
		return -1, w.receiver.clean(err)
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Header.Set("Content-Encoding", "snappy")
	req.Header.Set("X-Prometheus-Remote-Write-Version", "0.1.0")
	req.Header.Set("User-Agent", "authbench")
	resp, err := w.receiver.Do(req)
	if err != nil {
		var untrusted *tls.CertificateVerificationError
		if ctx.Err() != nil || errors.As(err, &untrusted) {
			later = -1
		}
		return later, w.receiver.silence(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if resp.StatusCode/100 == 2 {
		return -1, nil
	}
	if err != nil {
		answer = nil
	}
	later = -1
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode/100 == 5 {
		later = retryAfter(resp.Header.Get("Retry-After"), time.Now())
	}
	return later, w.receiver.refusal(resp.StatusCode, answer)
}

// retryAfter reads the header, in seconds or as a date; 0 when it says nothing.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
