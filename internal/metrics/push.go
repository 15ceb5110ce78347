package metrics

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/push"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// PushOptions say which group of a Pushgateway metrics go to.
type PushOptions struct {
	// URL is the gateway's. It holds no credentials.
	URL         string
	Credentials Credentials
	// Job names the group, with Suite and, where they are known, Env and Location. All
	// of them are the same for every run: a gateway never forgets a group.
	Job, Suite, Env, Location string
	// Client makes the requests, nil for one that verifies TLS as Go does.
	Client *http.Client
}

// Push replaces what a Pushgateway holds of the suite by the metrics of this run. When
// it succeeded was the last time is left alone unless this run did: that goes to a group
// of its own, whose job ends in _success.
//
// It gives up when ctx does; the error names the gateway's host.
//
// Only metrics of ours are pushed, and of those that tell suites apart only the suite's.
func Push(ctx context.Context, g prometheus.Gatherer, o PushOptions) error {
	to, err := newReceiver(o.URL, o.Credentials, o.Client)
	if err != nil {
		return fmt.Errorf("push metrics: %w", err)
	}
	all, err := g.Gather()
	if err != nil {
		return fmt.Errorf("push metrics: gather: %w", err)
	}
	var run, success []*dto.MetricFamily
	for _, f := range all {
		switch own := o.own(f); {
		case own == nil:
		case strings.HasSuffix(f.GetName(), "_last_success_timestamp_seconds"):
			success = append(success, own)
		default:
			run = append(run, own)
		}
	}
	if err := o.pusher(to, o.Job, run).PushContext(ctx); err != nil {
		return to.notPushed(ctx, "push metrics", err)
	}
	if len(success) == 0 {
		return nil
	}
	if err := o.pusher(to, o.Job+"_success", success).AddContext(ctx); err != nil {
		return to.notPushed(ctx, "push the time of success", err)
	}
	return nil
}

// notPushed says what failed, and with whom.
func (r *receiver) notPushed(ctx context.Context, what string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", what, r.silence(ctx, err))
	}
	return fmt.Errorf("%s to %s: %w", what, r.url.Host, r.clean(err))
}

func (o PushOptions) pusher(to *receiver, job string, families []*dto.MetricFamily) *push.Pusher {
	p := push.New(to.url.String(), job).Client(to).Format(expfmt.NewFormat(expfmt.TypeProtoDelim)).
		Gatherer(prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) { return families, nil }))
	for _, key := range o.grouping() {
		if key[1] != "" {
			p = p.Grouping(key[0], key[1])
		}
	}
	return p
}

func (o PushOptions) grouping() [3][2]string {
	return [...][2]string{{"suite", o.Suite}, {"env", o.Env}, {"location", o.Location}}
}

// own gives the part of a family that is the suite's, without the labels that the group
// has; nil when there is none.
func (o PushOptions) own(f *dto.MetricFamily) *dto.MetricFamily {
	if !strings.HasPrefix(f.GetName(), prefix) {
		return nil
	}
	out := &dto.MetricFamily{Name: f.Name, Help: f.Help, Type: f.Type, Unit: f.Unit}
	for _, m := range f.GetMetric() {
		if own := o.ownMetric(m); own != nil {
			out.Metric = append(out.Metric, own)
		}
	}
	if len(out.Metric) == 0 {
		return nil
	}
	return out
}

func (o PushOptions) ownMetric(m *dto.Metric) *dto.Metric {
	out := &dto.Metric{Gauge: m.Gauge, Counter: m.Counter, Summary: m.Summary, Untyped: m.Untyped, Histogram: m.Histogram}
next:
	for _, l := range m.GetLabel() {
		if l.GetName() == "suite" && l.GetValue() != o.Suite {
			return nil
		}
		for _, key := range o.grouping() {
			if key[0] == l.GetName() && key[1] != "" {
				continue next
			}
		}
		out.Label = append(out.Label, l)
	}
	return out
}

// CheckPush reports what is wrong with options, without sending anything.
func CheckPush(o PushOptions) error {
	if _, err := newReceiver(o.URL, o.Credentials, o.Client); err != nil {
		return fmt.Errorf("push metrics: %w", err)
	}
	return nil
}
