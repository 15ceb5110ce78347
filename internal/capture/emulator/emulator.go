// Package emulator is the message source of the built-in emulator: the messages of
// one project, read over the emulator's admin API.
//
// Marking a message as read is what takes it, and the emulator lets that happen
// once. So no two waits get the same message, be they in one process or in several.
// The package holds no state of its own. Start at [New].
package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/secret"
)

// maxPoll is how long one request waits at most: long enough to be rare, short
// enough for whatever stands between here and the emulator.
const maxPoll = 20 * time.Second

// beyond is a cursor after every message: asking from there gives the present
// cursor without a message.
const beyond = "18446744073709551615"

// Options say where the messages are.
type Options struct {
	// URL is the address of the emulator's admin listener.
	URL string
	// Token is the bearer of the admin API.
	Token secret.String
	// Project is the project whose messages are read.
	Project string
	// Client sends the requests. It belongs to the caller and is not closed.
	Client client.Client
}

// New makes a source. It sends nothing. It is safe for concurrent use.
func New(o Options) (capture.Source, error) {
	u, err := url.Parse(strings.TrimRight(o.URL, "/"))
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("emulator inbox: url is not an address such as http://127.0.0.1:8788")
	}
	if o.Project == "" {
		return nil, errors.New("emulator inbox: no project is given")
	}
	if o.Client == nil {
		return nil, errors.New("emulator inbox: no client is given")
	}
	return &source{
		client: o.Client, address: u.Host, token: o.Token, project: o.Project,
		messages: u.String() + "/_ab/projects/" + url.PathEscape(o.Project) + "/messages",
	}, nil
}

type source struct {
	client   client.Client
	messages string // URL of the list
	address  string // host and port, for errors
	project  string
	token    secret.String
}

func (s *source) Close() error { return nil }

func (s *source) Mark(ctx context.Context, _ capture.Send) (capture.Mark, error) {
	l, err := s.list(ctx, url.Values{"after": {beyond}})
	if err != nil {
		return capture.Mark{}, err
	}
	return capture.NewMark(l.Cursor), nil
}

func (s *source) Wait(ctx context.Context, mark capture.Mark, match capture.Match) (capture.Message, error) {
	missed := &capture.Missed{}
	cursor := mark.Cursor()
	for {
		if err := ctx.Err(); err != nil {
			missed.Err = err
			return capture.Message{}, missed
		}
		missed.Requests++
		l, err := s.list(ctx, url.Values{"recipient": {match.Recipient}, "after": {cursor}, "wait": {pollTime(ctx).String()}})
		if err != nil {
			return capture.Message{}, s.gaveUp(ctx, missed, err)
		}
		for _, m := range l.Messages {
			if !matches(m, match) {
				missed.Passed++
				continue
			}
			taken, err := s.take(ctx, m.ID)
			if err != nil {
				return capture.Message{}, s.gaveUp(ctx, missed, err)
			}
			if taken {
				return m.message(missed.Requests), nil
			}
			missed.Taken++
		}
		// All that was listed has been looked at, and what is read does not come back.
		cursor = l.Cursor
	}
}

// gaveUp tells a context that ended from a source that can not be asked.
func (s *source) gaveUp(ctx context.Context, missed *capture.Missed, err error) error {
	if ctx.Err() == nil {
		return err
	}
	missed.Err = ctx.Err()
	return missed
}

// pollTime is how long the next request may wait, less than what ctx has left.
func pollTime(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return maxPoll
	}
	return max(0, min(maxPoll, time.Until(deadline)))
}

func matches(m message, match capture.Match) bool {
	return strings.Contains(m.Subject, match.Subject) && strings.Contains(m.Body, match.Contains)
}

// listing is the emulator's answer to a request for messages.
type listing struct {
	FormatVersion int       `json:"format_version"`
	Cursor        string    `json:"cursor"`
	Messages      []message `json:"messages"`
}

type message struct {
	ID        string    `json:"id"`
	Recipient string    `json:"recipient"`
	Channel   string    `json:"channel"`
	Subject   string    `json:"subject"`
	Body      string    `json:"body"`
	CreatedAt time.Time `json:"created_at"`
}

// link finds addresses in a text. Punctuation that ends a sentence is not a part.
var link = regexp.MustCompile(`https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]`)

func (m message) message(requests int) capture.Message {
	return capture.Message{
		ID: m.ID, Recipient: m.Recipient, Channel: m.Channel, Subject: m.Subject, Body: m.Body,
		Links: link.FindAllString(m.Body, -1), ReceivedAt: m.CreatedAt, Requests: requests,
	}
}

// list asks for messages once.
func (s *source) list(ctx context.Context, query url.Values) (*listing, error) {
	resp, err := s.do(ctx, http.MethodGet, s.messages+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	if resp.Status != http.StatusOK {
		return nil, s.refused(resp)
	}
	var l listing
	if err := json.Unmarshal(resp.Body, &l); err != nil || l.FormatVersion != 1 || l.Cursor == "" {
		return nil, fmt.Errorf("the emulator's admin API at %s answers in a form that is not known", s.address)
	}
	return &l, nil
}

// take marks a message as read. It reports false if somebody else did.
func (s *source) take(ctx context.Context, id string) (bool, error) {
	resp, err := s.do(ctx, http.MethodPost, s.messages+"/"+url.PathEscape(id)+"/read")
	switch {
	case err != nil:
		return false, err
	case resp.Status == http.StatusNoContent:
		return true, nil
	case resp.Status == http.StatusNotFound:
		// If it is the project that is gone the next listing says so.
		return false, nil
	}
	return false, s.refused(resp)
}

func (s *source) do(ctx context.Context, method, target string) (*client.Response, error) {
	header := client.Header{{Name: "Authorization", Value: "Bearer " + s.token.Reveal()}}
	resp, err := s.client.Do(ctx, &client.Request{Method: method, URL: target, Header: header})
	if err != nil {
		return nil, fmt.Errorf("the emulator's admin API: %w", err)
	}
	return resp, nil
}

func (s *source) refused(resp *client.Response) error {
	reason := ""
	switch resp.Status {
	case http.StatusUnauthorized:
		reason = ": its token is another one"
	case http.StatusNotFound:
		reason = fmt.Sprintf(": it has no project %s", s.project)
	case http.StatusGone:
		reason = ": messages that nobody read were dropped"
	}
	return fmt.Errorf("the emulator's admin API at %s refuses with HTTP %d%s", s.address, resp.Status, reason)
}
