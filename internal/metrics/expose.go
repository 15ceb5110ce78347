package metrics

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// Exposition gives the metrics of one process to whoever wants them. Its methods may be
// used by many at a time.
type Exposition struct {
	registry *prometheus.Registry
}

// Gatherer gives the metrics to whoever carries them elsewhere.
func (e *Exposition) Gatherer() prometheus.Gatherer { return e.registry }

// WriteText writes all metrics in the Prometheus text format. The text shows the
// classic part of histograms alone.
func (e *Exposition) WriteText(w io.Writer) error {
	gathered, err := e.registry.Gather()
	if err != nil {
		return fmt.Errorf("gather metrics: %w", err)
	}
	enc := expfmt.NewEncoder(w, expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, family := range gathered {
		if err := enc.Encode(family); err != nil {
			return fmt.Errorf("write metrics: %w", err)
		}
	}
	return nil
}

// Handler serves the metrics to scrapers, native histograms to those that ask for
// protobuf. Four scrapes at once are served, each for ten seconds at most.
//
// What the handler tells of itself, promhttp_*, is on its page alone: it says nothing of
// a run, and is in no file and in nothing that is sent.
func (e *Exposition) Handler() http.Handler {
	own := prometheus.NewRegistry()
	// prometheus.Gatherers would leave out units. The families of own come after all
	// others, by their names too.
	both := prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		families, err := e.registry.Gather()
		more, ownErr := own.Gather()
		return append(families, more...), errors.Join(err, ownErr)
	})
	return promhttp.InstrumentMetricHandler(own, promhttp.HandlerFor(both, promhttp.HandlerOpts{
		Registry:            own,
		EnableOpenMetrics:   true,
		CoalesceGather:      true,
		MaxRequestsInFlight: 4,
		Timeout:             10 * time.Second,
		ErrorHandling:       promhttp.HTTPErrorOnError,
	}))
}
