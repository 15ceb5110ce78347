package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/authbench/authbench/internal/stats"
)

// families are the metrics of docs and dashboards. A change here is a change for
// everybody who wrote a rule.
type families struct {
	buildInfo *prometheus.GaugeVec

	iterations        *prometheus.CounterVec
	iterationFailures *prometheus.CounterVec
	iterationDuration *prometheus.HistogramVec
	stepDuration      *prometheus.HistogramVec

	requests  *prometheus.CounterVec
	phases    *prometheus.HistogramVec
	retries   *prometheus.CounterVec
	apiErrors *prometheus.CounterVec

	deliveries       *prometheus.CounterVec
	deliveryDuration *prometheus.HistogramVec
	inboxRequests    *prometheus.CounterVec
	messages         *prometheus.CounterVec

	tokenFaults    *prometheus.CounterVec
	tokenLifetimes *prometheus.GaugeVec

	usersCreated, usersDeleted prometheus.Counter

	testCases                                                      *prometheus.GaugeVec
	testSuccess, testDuration, testTimestamp, testSuccessTimestamp *prometheus.GaugeVec
}

func newFamilies(r prometheus.Registerer) families {
	f := families{
		buildInfo: gauge(r, "build_info", "A constant 1, labelled with the version of the program.", "version", "revision", "goversion"),

		iterations:        counter(r, "iterations_total", "Iterations that came to an end, by scenario and result.", "scenario", "result"),
		iterationFailures: counter(r, "iteration_failures_total", "Iterations that failed or could not be judged, by the step that decided and the reason.", "scenario", "step", "reason"),
		iterationDuration: histogram(r, "iteration_duration_seconds", "Time of a judged iteration from its start to its last step, teardown left out.",
			seconds(stats.Bounds(stats.MeasureIteration)), "scenario", "result"),
		stepDuration: histogram(r, "step_duration_seconds", "Service time of the last attempt of a step, waiting left out.",
			seconds(stats.Bounds(stats.MeasureStep)), "scenario", "step"),

		requests: counter(r, "http_requests_total", "HTTP requests, by endpoint and status; code 0 means that no answer came.", "endpoint", "code"),
		phases: histogram(r, "http_phase_duration_seconds", "Time of the phases of HTTP requests that happened: resolve, connect, tls, processing, transfer.",
			seconds(stats.Bounds(stats.MeasurePhase)), "endpoint", "phase"),
		retries:   counter(r, "http_retries_total", "HTTP requests that were repeated, by the reason of the attempt before.", "endpoint", "reason"),
		apiErrors: counter(r, "api_errors_total", "Errors that the API answered with, expected ones included.", "endpoint", "error_code"),

		deliveries: counter(r, "deliveries_total", "Messages that were waited for, by what became of them.", "channel", "result"),
		deliveryDuration: histogram(r, "delivery_duration_seconds", "Time from the answer to the sending request to the arrival of the message. Without a time of arrival it ends with the request that saw the message.",
			seconds(stats.Bounds(stats.MeasureDelivery)), "channel"),
		inboxRequests: counter(r, "inbox_requests_total", "Requests to inboxes, by success and error.", "inbox", "result"),
		messages:      counter(r, "messages_sent_total", "Messages that the target was made to send, an estimate.", "channel"),

		tokenFaults:    counter(r, "token_validation_failures_total", "Tokens that did not stand a check.", "scenario", "reason"),
		tokenLifetimes: gauge(r, "token_lifetime_seconds", "Time from issue to expiry of the last token.", "scenario", "kind"),

		testCases:            gauge(r, "test_cases", "Scenario instances of the last run, by result.", "suite", "result"),
		testSuccess:          gauge(r, "test_last_run_success", "Whether the last run found everything right: 1 or 0.", "suite"),
		testDuration:         gauge(r, "test_last_run_duration_seconds", "Time that the last run took, all its suites together.", "suite"),
		testTimestamp:        gauge(r, "test_last_run_timestamp_seconds", "When the last run ended.", "suite"),
		testSuccessTimestamp: gauge(r, "test_last_success_timestamp_seconds", "When the last run ended that found everything right.", "suite"),
	}
	f.usersCreated = prometheus.NewCounter(prometheus.CounterOpts{Name: prefix + "users_created_total", Help: "Users that requests of scenarios created."})
	f.usersDeleted = prometheus.NewCounter(prometheus.CounterOpts{Name: prefix + "users_deleted_total", Help: "Users that requests of scenarios deleted."})
	r.MustRegister(f.usersCreated, f.usersDeleted)
	return f
}

const prefix = "authbench_"

func counter(r prometheus.Registerer, name, help string, labels ...string) *prometheus.CounterVec {
	v := prometheus.NewCounterVec(prometheus.CounterOpts{Name: prefix + name, Help: help}, labels)
	r.MustRegister(v)
	return v
}

func gauge(r prometheus.Registerer, name, help string, labels ...string) *prometheus.GaugeVec {
	v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: prefix + name, Help: help}, labels)
	r.MustRegister(v)
	return v
}

// histogram makes a family that has classic buckets, for every server, and native
// ones of schema 3, which only a scrape by protobuf carries. The reset duration
// stays 0: within a run, losing resolution is better than losing samples.
func histogram(r prometheus.Registerer, name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	v := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: prefix + name, Help: help, Unit: "seconds", Buckets: buckets,
		NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 160,
	}, labels)
	r.MustRegister(v)
	return v
}
