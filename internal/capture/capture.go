// Package capture is the contract of a message source: how a run gets the code or
// the link that travels out of band.
//
// A source is marked before a message is asked for and watched after it. The mark
// decides what counts as newer; clocks do not. Sources live in packages below this
// one, and each must pass capturetest.
package capture

import (
	"context"
	"time"
)

// Source gives the messages that arrive at one inbox. It is safe for concurrent use.
type Source interface {
	// Mark notes where the inbox stands. It is called just before the request that
	// makes the target send. A source that hands values out in advance does it here.
	Mark(ctx context.Context, send Send) (Mark, error)

	// Watch asks for the oldest message that is newer than mark, matches, and was
	// given to no other watch. It returns at once, so that whoever waits needs no
	// goroutine. found is called once, with the message or with the error that says that
	// the source could not be asked. It is never called within Watch or stop, and must
	// not block: others wait meanwhile. stop ends the watch and tells what was seen
	// meanwhile; ended is false when found was called already, or is about to be, and
	// then it is the answer. stop may be called any number of times; once at least, or
	// the watch stays.
	Watch(mark Mark, match Match, found func(Message, error)) (stop func() (seen Seen, ended bool))

	// Close gives up what the source holds.
	Close() error
}

// Receipts is what a Source may have besides: its target tells in the answer to the
// request for a message where the inbox stood before it was sent. Who reads that need
// not mark the inbox in advance.
type Receipts interface {
	// MarkIn gives the mark that stands in the answer, which header reads; false when
	// there is none of this source. Every message that the request made the target send
	// is newer than the mark. It is safe for concurrent use and asks nobody.
	MarkIn(header func(name string) string) (Mark, bool)
}

// Send describes the message that is about to be asked for, as far as it is known.
type Send struct {
	// Recipient is a phone number or an address, empty when not known yet.
	Recipient string
	// Channel is sms, email, whatsapp or voice, empty when the step does not say.
	Channel string
}

// Mark is a place in an inbox. Only the source that made it can read it.
type Mark struct {
	cursor string
}

// NewMark makes a mark of a source's own cursor.
func NewMark(cursor string) Mark { return Mark{cursor: cursor} }

// Cursor gives what NewMark was given.
func (m Mark) Cursor() string { return m.cursor }

// Match says which messages are meant. Empty fields match everything.
type Match struct {
	// Recipient must be given.
	Recipient string
	// Subject and Contains are texts that must occur in the subject and in the body.
	Subject, Contains string
}

// Message is a message that arrived.
type Message struct {
	// ID is the source's own name for it.
	ID        string
	Recipient string
	// Channel is sms, email, whatsapp or voice.
	Channel string
	Subject string
	Body    string
	// Links are the absolute http and https links of the body, in order.
	Links []string
	// ReceivedAt is the source's own time of arrival, or when it was first seen.
	ReceivedAt time.Time
	// Requests tells how often the source was asked for it.
	Requests int
}

// Seen is what a watch saw until it ended.
type Seen struct {
	// Requests tells how often the source was asked. A request that serves many
	// watches counts for each.
	Requests int
	// Passed tells how many messages to the recipient did not match, Taken how many
	// matched and went to another watch.
	Passed, Taken int
}

// Missed is the error of a wait that ended without a message.
type Missed struct {
	Seen
	// Err wraps the error of the context that ended.
	Err error
}

// Error implements error.
func (e *Missed) Error() string { return "no message: " + e.Err.Error() }

// Unwrap gives the error of the context.
func (e *Missed) Unwrap() error { return e.Err }
