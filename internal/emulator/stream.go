package emulator

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/authbench/authbench/internal/clock"
)

const (
	// streamLimit bounds the streams of a project that are open at a time.
	streamLimit = 64
	// streamBeat is the time between two signs of life on a stream without messages.
	streamBeat = 15 * time.Second
	// streamPatience is how long a client may take none of what is written to it.
	streamPatience = 10 * time.Second
)

// streamDoes is what the OpenAPI document tells of the events.
const streamDoes = "The data of an event is one line of JSON, its ID a cursor to go on from. message brings a message as a list has it; " +
	"lost tells that unread messages behind the cursor were dropped, reset that the project was made new, and gone that it is no more."

// stream writes the messages of an inbox as server-sent events. What a client that
// reads slowly has not taken is in its socket alone: it is cut when that is full.
type stream struct {
	w        http.ResponseWriter
	control  *http.ResponseController
	patience time.Duration
	text     []byte
}

// serveStream writes until the client is gone, too slow, or the project is dropped.
func serveStream(w http.ResponseWriter, r *http.Request, b *inbox, q query, beat, patience time.Duration) {
	if !b.enterStream() {
		adminError(w, http.StatusTooManyRequests, "as many streams are open as a project may have")
		return
	}
	defer b.leaveStream()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	s := &stream{w: w, control: http.NewResponseController(w), patience: patience}
	resets := b.resetCount()
	if s.comment("open") != nil {
		return
	}
	after := q.after
	for {
		found, cursor, err := b.untilReset(r.Context(), beat, q, after, resets)
		switch {
		case errors.Is(err, errInboxReset):
			resets++
			err = s.event("reset", after, []byte("{}"))
		case errors.Is(err, errMessagesLost):
			after = b.oldest()
			err = s.event("lost", after, []byte(`{"error":"`+errMessagesLost.Error()+`"}`))
		case err != nil:
			_ = s.event("gone", after, []byte(`{"error":"`+err.Error()+`"}`))
			return
		case r.Context().Err() != nil:
			return
		case len(found) == 0:
			after, err = cursor, s.comment("beat")
		default:
			err = s.messages(found)
			after = cursor
		}
		if err != nil {
			return
		}
	}
}

// messages writes each message with its cursor as the ID to resume from.
func (s *stream) messages(found []*message) error {
	for _, m := range found {
		o := members{b: s.text[:0]}
		m.append(&o)
		s.text = o.b
		if err := errors.Join(o.err, s.write("message", m.Number, o.b)); err != nil {
			return err
		}
	}
	return s.flush()
}

func (s *stream) event(name string, id uint64, data []byte) error {
	return errors.Join(s.write(name, id, data), s.flush())
}

// write writes an event, of which the data is one line.
func (s *stream) write(name string, id uint64, data []byte) error {
	frame := make([]byte, 0, 64+len(data))
	frame = strconv.AppendUint(append(frame, "id: "...), id, 10)
	frame = append(append(append(frame, "\nevent: "...), name...), "\ndata: "...)
	frame = append(append(frame, data...), "\n\n"...)
	return s.put(frame)
}

func (s *stream) comment(text string) error {
	return errors.Join(s.put([]byte(": "+text+"\n\n")), s.flush())
}

func (s *stream) put(frame []byte) error {
	if err := s.renew(); err != nil {
		return err
	}
	_, err := s.w.Write(frame)
	return err
}

func (s *stream) flush() error {
	if err := s.renew(); err != nil {
		return err
	}
	return s.control.Flush()
}

func (s *stream) renew() error { return renew(s.control, s.patience) }

// renew gives the client its time again. It is the network's time, not the project's.
func renew(c *http.ResponseController, patience time.Duration) error {
	err := c.SetWriteDeadline(clock.System().Add(patience))
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

// query is what a reader of messages asks for.
type query struct {
	recipient string
	after     uint64
	read      bool // the read ones as well
}

// untilReset is within, and fails at once when the inbox has forgotten its messages more
// than resets times.
func (b *inbox) untilReset(ctx context.Context, limit time.Duration, q query, after, resets uint64) ([]*message, uint64, error) {
	b.mu.Lock()
	life, now := b.life, b.resets
	b.mu.Unlock()
	if now == resets {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(life, cancel)()
		found, cursor, err := b.within(ctx, limit, q.recipient, after, q.read)
		if life.Err() == nil {
			return found, cursor, err
		}
	}
	return nil, after, errInboxReset
}

// resetCount is how often the inbox has forgotten every message.
func (b *inbox) resetCount() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.resets
}

func (b *inbox) enterStream() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.streams >= streamLimit {
		return false
	}
	b.streams++
	return true
}

func (b *inbox) leaveStream() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.streams--
}

// oldest is the cursor before the oldest message that is kept.
func (b *inbox) oldest() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped
}
