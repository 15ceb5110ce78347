package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/jsondoc"
)

// listing is the emulator's answer to a request for messages.
type listing struct {
	head
	Messages []message `json:"messages"`
}

// head is what all answers begin with.
type head struct {
	FormatVersion int    `json:"format_version"`
	Cursor        uint64 `json:"cursor,string"`
}

type message struct {
	ID        string    `json:"id"`
	Recipient string    `json:"recipient"`
	Channel   string    `json:"channel"`
	Subject   string    `json:"subject"`
	Body      string    `json:"body"`
	CreatedAt time.Time `json:"created_at"`
	Delivery  delivery  `json:"delivery"`
	// Number is the place of the message among all of the project.
	Number uint64 `json:"cursor,string"`
}

// delivery is known of a message that did not go straight into the inbox.
type delivery struct {
	ArrivedAt time.Time `json:"arrived_at"`
}

// receipt is its answer to a request that takes messages.
type receipt struct {
	head
	Read []string `json:"read"`
	// Messages are those up to Listed, when they were asked for too.
	Messages []message `json:"messages"`
	Listed   uint64    `json:"listed,string"`
}

// callback is its answer to a request for what there is for watches.
type callback struct {
	head
	Found []found `json:"found"`
}

// forms are what the answers look like when they are as they always are. Others are
// left to encoding/json: it says what is accepted.
type forms struct{ listing, message, receipt, callback *jsondoc.Shape }

func newForms() forms {
	type delivery struct {
		ArrivedAt string `json:"arrived_at"`
	}
	// What a call found is a message, or one of the last three fields.
	type message struct {
		ID        string   `json:"id"`
		Recipient string   `json:"recipient"`
		Channel   string   `json:"channel"`
		Subject   string   `json:"subject"`
		Body      string   `json:"body"`
		CreatedAt string   `json:"created_at"`
		Delivery  delivery `json:"delivery"`
		Number    string   `json:"cursor"`
		Passed    int32    `json:"passed"`
		Lost      bool     `json:"lost"`
		Later     bool     `json:"later"`
	}
	type listing struct {
		FormatVersion int32     `json:"format_version"`
		Cursor        string    `json:"cursor"`
		Messages      []message `json:"messages"`
	}
	type receipt struct {
		FormatVersion int32     `json:"format_version"`
		Cursor        string    `json:"cursor"`
		Read          []string  `json:"read"`
		Messages      []message `json:"messages"`
		Listed        string    `json:"listed"`
	}
	type callback struct {
		FormatVersion int32     `json:"format_version"`
		Cursor        string    `json:"cursor"`
		Found         []message `json:"found"`
	}
	return forms{
		jsondoc.ShapeOf[listing](), jsondoc.ShapeOf[message](), jsondoc.ShapeOf[receipt](),
		jsondoc.ShapeOf[callback](),
	}
}
