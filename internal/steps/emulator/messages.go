package emulator

import (
	"net/http"
	"net/url"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/steps"
)

// sentMessage is a message as the step shows it. What it says is a secret, and
// inbox_message reads that.
var sentMessage = cty.Object(map[string]cty.Type{
	"recipient": cty.String, "channel": cty.String, "purpose": cty.String, "state": cty.String, "segments": cty.Number, "created_at": cty.String,
})

// counts are the results of their names.
var counts = []string{"sent", "delivered", "pending", "lost", "rejected", "duplicates"}

func messagesCommand() command {
	c := command{
		name: "emulator_messages",
		doc:  "Looks at what an emulated project has sent, to whom, and how often, without taking any of it: proof that something was sent, and that nothing was.",
		args: []steps.Arg{
			{Name: "to", Type: cty.String, Echo: true, Doc: "Number or address; left out, messages to anybody count."},
		},
		results: []steps.Attr{
			{Name: "sent", Type: cty.Number, Doc: "How many were sent, whatever became of them."},
			{Name: "delivered", Type: cty.Number, Doc: "How many arrived, duplicates among them."},
			{Name: "pending", Type: cty.Number, Doc: "How many are on their way."},
			{Name: "lost", Type: cty.Number, Doc: "How many will never arrive."},
			{Name: "rejected", Type: cty.Number, Doc: "How many a carrier did not take."},
			{Name: "duplicates", Type: cty.Number, Doc: "How many were made on the way, beyond those that were sent."},
			{Name: "messages", Type: cty.List(sentMessage), Doc: "Those that the emulator still keeps, the oldest first. `state` is delivered, pending, lost or rejected."},
		},
		requests: func(a steps.Args) []request {
			to := ""
			if a.Has("to") {
				to = "recipient=" + url.QueryEscape(a.String("to"))
			}
			return []request{{http.MethodGet, "messages/counts?" + to, nil}, {http.MethodGet, "messages?state=all&" + to, nil}}
		},
		read: readMessages,
	}
	return c
}

func readMessages(a steps.Args, documents [][]byte) (steps.Fixed, error) {
	var tallies struct {
		Total      map[string]int64 `json:"total"`
		Recipients []map[string]any `json:"recipients"`
	}
	if err := decode(documents[0], &tallies); err != nil {
		return nil, err
	}
	out := steps.Fixed{}
	for _, name := range counts {
		n := tallies.Total[name]
		if a.String("to") != "" {
			n = 0
			if len(tallies.Recipients) == 1 {
				f, _ := tallies.Recipients[0][name].(float64)
				n = int64(f)
			}
		}
		out[name] = cty.NumberIntVal(n)
	}
	var box struct {
		Messages []struct {
			Recipient string `json:"recipient"`
			Channel   string `json:"channel"`
			Purpose   string `json:"purpose"`
			State     string `json:"state"`
			Segments  int64  `json:"segments"`
			CreatedAt string `json:"created_at"`
		} `json:"messages"`
	}
	if err := decode(documents[1], &box); err != nil {
		return nil, err
	}
	out["messages"] = cty.ListValEmpty(sentMessage)
	list := make([]cty.Value, len(box.Messages))
	for i, m := range box.Messages {
		list[i] = cty.ObjectVal(map[string]cty.Value{
			"recipient": cty.StringVal(m.Recipient), "channel": cty.StringVal(m.Channel), "purpose": cty.StringVal(m.Purpose),
			"state": cty.StringVal(m.State), "segments": cty.NumberIntVal(m.Segments), "created_at": cty.StringVal(m.CreatedAt),
		})
	}
	if len(list) > 0 {
		out["messages"] = cty.ListVal(list)
	}
	return out, nil
}
