package emulator

import (
	"net/http"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/steps"
)

func deliveryCommand() command {
	return command{
		name: "emulator_delivery",
		doc: "Says how the messages of an emulated project travel from then on: late, never, twice, or out of order. What is left out stays as it is. " +
			"The settings are those of the `delivery` block of an emulator; emulator_reset brings that back, too.",
		args: []steps.Arg{
			{Name: "restore", Type: cty.Bool, Echo: true, Doc: "true lets messages travel as the delivery block of the provider says, before anything else of the step."},
			{Name: "latency", Type: cty.DynamicPseudoType, Echo: true,
				Doc: "How long a message takes by the project's clock: a duration, or an object of the parts of a distribution."},
			{Name: "loss", Type: cty.Number, Echo: true, Doc: "Probability that a message never arrives."},
			{Name: "duplicate", Type: cty.Number, Echo: true, Doc: "Probability that a message arrives twice."},
			{Name: "reorder", Type: cty.Number, Echo: true, Doc: "Probability that a message is overtaken by the next one."},
			{Name: "reorder_within", Type: cty.String, Duration: true, Echo: true, Doc: "How much later a message that is overtaken arrives if no other comes."},
			{Name: "reject_at", Type: cty.String, Echo: true, OneOf: []string{policy.RejectAtDelivery, policy.RejectAtSend},
				Doc: "Where it is seen that a carrier rejects a message."},
			{Name: "carrier", Type: cty.DynamicPseudoType, Echo: true,
				Doc: "Carriers by prefix, each an object of what a `carrier` block holds. It takes the place of that of its prefix."},
			{Name: "pause", Type: cty.Bool, Echo: true, Doc: "true holds back every message, false lets them go."},
			{Name: "flush", Type: cty.Bool, Echo: true, Doc: "true brings everything that is on its way."},
		},
		results: []steps.Attr{
			{Name: "paused", Type: cty.Bool, Doc: "Whether messages are held back."},
			{Name: "pending", Type: cty.Number, Doc: "How many messages are on their way."},
		},
		check:    checkDelivery,
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
	if a.Bool("restore") {
		all = append(all, request{http.MethodDelete, "delivery", nil})
	}
	if document := changed(a); len(document) > 0 {
		all = append(all, request{http.MethodPatch, "delivery", document})
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
