package emulator

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/secret"
)

// api is the part of the emulator's admin API that is used here. It holds no state.
type api struct {
	client   client.Client
	messages string // URL of the list
	address  string // host and port, for errors
	project  string
	token    secret.String
}

// listing is the emulator's answer to a request for messages.
type listing struct {
	FormatVersion int       `json:"format_version"`
	Cursor        uint64    `json:"cursor,string"`
	Messages      []message `json:"messages"`
}

type message struct {
	// Number is the place of the message among all of the project.
	Number    uint64    `json:"cursor,string"`
	ID        string    `json:"id"`
	Recipient string    `json:"recipient"`
	Channel   string    `json:"channel"`
	Subject   string    `json:"subject"`
	Body      string    `json:"body"`
	CreatedAt time.Time `json:"created_at"`
}

func (m *message) matches(match *capture.Match) bool {
	return strings.Contains(m.Subject, match.Subject) && strings.Contains(m.Body, match.Contains)
}

// list asks once for the unread messages after a cursor; an empty recipient is any.
// If there is none the emulator waits for as long as it is told.
func (a *api) list(ctx context.Context, recipient string, after uint64, wait time.Duration) (*listing, error) {
	query := url.Values{"after": {strconv.FormatUint(after, 10)}, "wait": {wait.String()}}
	if recipient != "" {
		query.Set("recipient", recipient)
	}
	var l listing
	if err := a.ask(ctx, http.MethodGet, a.messages+"?"+query.Encode(), nil, &l); err != nil {
		return nil, err
	}
	if l.FormatVersion != 1 {
		return nil, a.strange()
	}
	return &l, nil
}

// take marks messages as read. It gives those that nobody else had taken, and where
// the inbox stands.
func (a *api) take(ctx context.Context, ids []string) (taken []string, cursor uint64, err error) {
	body, err := json.Marshal(map[string][]string{"ids": ids})
	if err != nil {
		return nil, 0, err
	}
	var out struct {
		FormatVersion int      `json:"format_version"`
		Cursor        uint64   `json:"cursor,string"`
		Read          []string `json:"read"`
	}
	if err := a.ask(ctx, http.MethodPost, a.messages+"/read", body, &out); err != nil {
		return nil, 0, err
	}
	if out.FormatVersion != 1 {
		return nil, 0, a.strange()
	}
	return out.Read, out.Cursor, nil
}

func (a *api) ask(ctx context.Context, method, target string, body []byte, out any) error {
	header := client.Header{{Name: "Authorization", Value: "Bearer " + a.token.Reveal()}}
	if body != nil {
		header.Add("Content-Type", "application/json")
	}
	resp, err := a.client.Do(ctx, &client.Request{Method: method, URL: target, Header: header, Body: body})
	if err != nil {
		return fmt.Errorf("the emulator's admin API: %w", err)
	}
	if resp.Status != http.StatusOK {
		return a.refused(resp)
	}
	if json.Unmarshal(resp.Body, out) != nil {
		return a.strange()
	}
	return nil
}

func (a *api) strange() error {
	return fmt.Errorf("the emulator's admin API at %s answers in a form that is not known", a.address)
}

func (a *api) refused(resp *client.Response) error {
	reason := ""
	switch resp.Status {
	case http.StatusUnauthorized:
		reason = ": its token is another one"
	case http.StatusNotFound:
		reason = fmt.Sprintf(": it has no project %s", a.project)
	case http.StatusGone:
		reason = ": messages that nobody read were dropped"
	}
	return fmt.Errorf("the emulator's admin API at %s refuses with HTTP %d%s", a.address, resp.Status, reason)
}
