// Package emulator is the message source of the built-in emulator: the messages of
// one project, read over the emulator's admin API.
//
// Marking a message as read is what takes it, and the emulator lets that happen
// once. So no two watches get the same message, be they in one process or in several.
//
// However many wait, two requests are in flight at most. The desk (desk.go) asks for those
// who begin to wait what there is for them already, which is theirs by that (call.go). The
// feed (feed.go) lists what is new while somebody waits for what is to come; such a message
// is claimed, by the feed's next request or by the desk while the feed has nothing to do but
// to wait. A watch is a record in a list (hub.go), and messages are kept only until it is
// known who gets them (shelf.go). Start at [New].
package emulator

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/secret"
)

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

// New makes a source. It sends nothing. It is safe for concurrent use. Close it.
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
	h := &hub{
		api: api{
			client: o.Client, address: u.Host, token: o.Token, project: o.Project,
			messages: u.String() + "/_ab/projects/" + url.PathEscape(o.Project) + "/messages",
			forms:    newForms(),
		},
		shelf: newShelf(), watches: map[string][]*watch{},
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	return h, nil
}

// errClosed answers whoever still waits when the source is closed.
var errClosed = errors.New("the emulator inbox was closed")

// Close ends every watch and waits for the requests in flight.
func (h *hub) Close() error {
	h.cancel()
	h.work.Wait()
	h.fail(errClosed)
	return nil
}
