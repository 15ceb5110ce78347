//go:build !race

package client_test

import (
	"testing"

	"github.com/authbench/authbench/internal/client"
)

// A request on a kept-alive connection allocates the response with the list of
// its fields, the text of its head, and its body.
//
//nolint:paralleltest // it counts what the whole process allocates
func TestAllocations(t *testing.T) {
	c := newClient(t, client.Options{})
	req := benchRequest(nullServer(t))
	ctx := benchContext(t.Context())
	got := testing.AllocsPerRun(200, func() {
		if _, err := c.Do(ctx, req); err != nil {
			t.Fatal(err)
		}
	})
	if got > 3 {
		t.Errorf("%.1f allocations a request, want 3", got)
	}
}

// With a room nothing is allocated for an answer like the one before.
//
//nolint:paralleltest // it counts what the whole process allocates
func TestAllocationsInRoom(t *testing.T) {
	c := newClient(t, client.Options{})
	req := benchRequest(nullServer(t))
	req.Room = &client.Room{}
	ctx := benchContext(t.Context())
	got := testing.AllocsPerRun(200, func() {
		if _, err := c.Do(ctx, req); err != nil {
			t.Fatal(err)
		}
	})
	if got > 0 {
		t.Errorf("%.1f allocations a request, want none", got)
	}
}
