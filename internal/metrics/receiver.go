package metrics

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// Credentials are shown to a receiver of metrics: a token, or a user name and a password.
// The zero value is none. They print as ***.
type Credentials struct {
	Username, Password string
	Token              string
}

// CredentialsFrom reads credentials from the environment: prefix_TOKEN, or
// prefix_USERNAME and prefix_PASSWORD.
func CredentialsFrom(prefix string, getenv func(string) string) Credentials {
	return Credentials{
		Username: getenv(prefix + "_USERNAME"), Password: getenv(prefix + "_PASSWORD"), Token: getenv(prefix + "_TOKEN"),
	}
}

// String hides them, whatever prints them.
func (c Credentials) String() string { return "***" }

// GoString hides them as well.
func (c Credentials) GoString() string { return "***" }

// header is the value of the Authorization header, empty for none.
func (c Credentials) header() string {
	switch {
	case c.Token != "":
		return "Bearer " + c.Token
	case c.Username != "" || c.Password != "":
		return "Basic " + c.basic()
	}
	return ""
}

func (c Credentials) basic() string {
	return base64.StdEncoding.EncodeToString([]byte(c.Username + ":" + c.Password))
}

// maxAnswer is how much of an answer is read, maxTold how much of it is told.
const (
	maxAnswer = 64 << 10
	maxTold   = 200
)

// receiver is where metrics are sent.
type receiver struct {
	url         *url.URL
	credentials Credentials
	client      *http.Client
}

func newReceiver(address string, c Credentials, client *http.Client) (*receiver, error) {
	u, err := url.Parse(address)
	if err != nil {
		// The error of url repeats the address, which may hold a password.
		return nil, errors.New("the address of the receiver is no URL")
	}
	// A port alone would be this machine's, which nobody means who leaves the host out.
	switch {
	case u.User != nil:
		return nil, errors.New("the address of the receiver holds credentials: give them by the environment")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the address of the receiver begins with neither http:// nor https://")
	case u.Hostname() == "":
		return nil, errors.New("the address of the receiver names no host")
	}
	if client == nil {
		client = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone(), Timeout: 30 * time.Second}
	}
	own := *client
	// A receiver that sends elsewhere is a mistake in the address, and credentials stay
	// where they belong.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &receiver{url: u, credentials: c, client: &own}, nil
}

// Do sends a request and bounds what comes back.
func (r *receiver) Do(req *http.Request) (*http.Response, error) {
	if h := r.credentials.header(); h != "" {
		req.Header.Set("Authorization", h)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, r.clean(err)
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}

// clean takes the address and everything secret out of an error.
func (r *receiver) clean(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if text := r.tell(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// silence says that a request ended without an answer: the receiver's host, and why. The
// end of ctx is told by its cause.
func (r *receiver) silence(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return fmt.Errorf("%s did not answer: %w", r.url.Host, r.clean(err))
}

// scrub takes what is secret out of a text of the receiver's.
func (r *receiver) scrub(text string) string {
	hide := []string{r.credentials.Token, r.credentials.Password}
	if r.credentials.Password != "" {
		hide = append(hide, r.credentials.basic())
	}
	if q := r.url.RawQuery; q != "" {
		hide = append(hide, q)
	}
	for _, s := range hide {
		if s != "" {
			text = strings.ReplaceAll(text, s, "***")
		}
	}
	return text
}

// tell makes a line for people of a text of the receiver's: bounded, with nothing secret
// in it and nothing that moves a cursor.
func (r *receiver) tell(text string) string {
	first, _, _ := strings.Cut(r.scrub(strings.ToValidUTF8(text, "")), "\n")
	first = strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return -1
	}, first)
	if len(first) > maxTold {
		first = strings.ToValidUTF8(first[:maxTold], "") + "..."
	}
	return first
}

// refusal says that a request was answered with a status that is no success.
func (r *receiver) refusal(status int, answer []byte) error {
	if text := r.tell(string(answer)); text != "" {
		return fmt.Errorf("%s answered %d: %s", r.url.Host, status, text)
	}
	return fmt.Errorf("%s answered %d", r.url.Host, status)
}
