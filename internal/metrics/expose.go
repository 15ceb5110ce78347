package metrics

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
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
func (e *Exposition) Handler() http.Handler {
	return promhttp.InstrumentMetricHandler(e.registry, promhttp.HandlerFor(e.registry, promhttp.HandlerOpts{
		Registry:            e.registry,
		EnableOpenMetrics:   true,
		CoalesceGather:      true,
		MaxRequestsInFlight: 4,
		Timeout:             10 * time.Second,
		ErrorHandling:       promhttp.HTTPErrorOnError,
	}))
}
