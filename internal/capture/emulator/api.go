package emulator

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

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
	forms    forms
}

// room is memory for answers, one after the other. What was read out of the last one is
// gone with the next, but for its texts. The zero room is ready.
type room struct {
	answer   client.Room
	messages []message
	found    []found
}

// list asks once for the unread messages after a cursor. If there is none the emulator
// waits for as long as it is told.
func (a *api) list(ctx context.Context, in *room, after uint64, wait time.Duration) (*listing, error) {
	target := a.messages + "?after=" + strconv.FormatUint(after, 10) + "&wait=" + wait.String()
	body, err := a.ask(ctx, in, http.MethodGet, target, nil)
	if err != nil {
		return nil, err
	}
	l, ok := a.forms.decodeListing(body, in)
	if !ok || l.FormatVersion != 1 {
		return nil, a.strange()
	}
	return l, nil
}

// take marks messages as read. It gives those that nobody else had taken, and where
// the inbox stands; with a cursor also the unread messages after it, without a wait.
func (a *api) take(ctx context.Context, in *room, ids []string, after *uint64) (*receipt, error) {
	body, err := a.ask(ctx, in, http.MethodPost, a.messages+"/read", appendTake(nil, ids, after))
	if err != nil {
		return nil, err
	}
	r, ok := a.forms.decodeReceipt(body, in)
	if !ok || r.FormatVersion != 1 {
		return nil, a.strange()
	}
	return r, nil
}

// appendTake writes the body of a request that takes messages.
func appendTake(b []byte, ids []string, after *uint64) []byte {
	const usual = 40 // an id with its quotes and comma, more or less
	b = slices.Grow(b, usual*(1+len(ids)))
	b = append(b, `{"ids":[`...)
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, id)
	}
	b = append(b, ']')
	if after != nil {
		b = append(b, `,"after":"`...)
		b = append(strconv.AppendUint(b, *after, 10), '"')
	}
	return append(b, '}')
}

// appendText writes a JSON string. Most ids are letters and digits.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string has no error
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// ask gives the body of an answer that is none of a refusal.
func (a *api) ask(ctx context.Context, in *room, method, target string, body []byte) ([]byte, error) {
	header := client.Header{{Name: "Authorization", Value: "Bearer " + a.token.Reveal()}}
	if body != nil {
		header.Add("Content-Type", "application/json")
	}
	resp, err := a.client.Do(ctx, &client.Request{Method: method, URL: target, Header: header, Body: body, Room: &in.answer})
	if err != nil {
		return nil, fmt.Errorf("the emulator's admin API: %w", err)
	}
	if resp.Status != http.StatusOK {
		return nil, a.refused(resp)
	}
	return resp.Body, nil
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
