package emulator

import (
	"net/http"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/steps"
)

// terms are the arguments that say how messages travel.
var terms = []string{"latency", "loss", "duplicate", "reorder"}

func deliveryCommand() command {
	return command{
		name: "emulator_delivery",
		doc:  "Says how the messages of an emulated project travel from then on: late, never, twice, or out of order. What is left out is as if never said; without any of them the settings stay.",
		args: []steps.Arg{
			{Name: "latency", Type: cty.String, Duration: true, Echo: true, Doc: "Every message takes this long, by the project's clock."},
			{Name: "loss", Type: cty.Number, Echo: true, Doc: "Probability that a message never arrives."},
			{Name: "duplicate", Type: cty.Number, Echo: true, Doc: "Probability that a message arrives twice."},
			{Name: "reorder", Type: cty.Number, Echo: true, Doc: "Probability that a message is overtaken by the next one."},
			{Name: "pause", Type: cty.Bool, Echo: true, Doc: "true holds back every message, false lets them go."},
			{Name: "flush", Type: cty.Bool, Echo: true, Doc: "true brings everything that is on its way."},
		},
		results: []steps.Attr{
			{Name: "paused", Type: cty.Bool, Doc: "Whether messages are held back."},
			{Name: "pending", Type: cty.Number, Doc: "How many messages are on their way."},
		},
		check:    func(a steps.Args) []steps.Problem { return chance(a, "loss", "duplicate", "reorder") },
		requests: deliveryRequests,
		read: func(_ steps.Args, documents [][]byte) (steps.Fixed, error) {
			var d struct {
				Paused  bool  `json:"paused"`
				Pending int64 `json:"pending"`
			}
			if err := decode(documents[len(documents)-1], &d); err != nil {
				return nil, err
			}
			return steps.Fixed{"paused": cty.BoolVal(d.Paused), "pending": cty.NumberIntVal(d.Pending)}, nil
		},
	}
}

func deliveryRequests(a steps.Args) []request {
	var all []request
	if document := given(a, terms...); len(document) > 0 {
		if a.Has("latency") {
			document["latency"] = fixedLatency(a, "latency")
		}
		all = append(all, request{http.MethodPut, "delivery", document})
	}
	if a.Has("pause") {
		path := "delivery/resume"
		if a.Bool("pause") {
			path = "delivery/pause"
		}
		all = append(all, request{http.MethodPost, path, nil})
	}
	if a.Bool("flush") {
		all = append(all, request{http.MethodPost, "delivery/flush", nil})
	}
	if len(all) == 0 {
		all = append(all, request{http.MethodGet, "delivery", nil})
	}
	return all
}
