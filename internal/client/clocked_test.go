package client_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/client"
)

// late is a context that is over for whoever names the time.
type late struct{ context.Context }

func (late) ErrAt(now time.Time) error {
	if now.IsZero() {
		return nil
	}
	return context.DeadlineExceeded
}

func TestClockedContext(t *testing.T) {
	t.Parallel()
	c := newClient(t, client.Options{})
	_, err := c.Do(late{t.Context()}, &client.Request{Method: "GET", URL: "http://127.0.0.1:1/"})
	var e *client.Error
	if !errors.As(err, &e) || e.Fault != client.FaultTimeout || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v, want a timeout", err)
	}
}
