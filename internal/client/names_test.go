package client

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func TestResolvedNamesServeForTheirTTL(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked, down := 0, errors.New("down")
		n := &names{ttl: time.Hour, known: map[string]resolved{}, lookup: func(context.Context, string, string) ([]netip.Addr, error) {
			if asked++; asked == 1 {
				return nil, down
			}
			return []netip.Addr{netip.AddrFrom4([4]byte{192, 0, 2, 1})}, nil
		}}
		if _, err := n.resolve(t.Context(), "a.example"); !errors.Is(err, down) {
			t.Errorf("got %v", err)
		}
		for i, want := range []int{2, 2, 3} {
			if _, err := n.resolve(t.Context(), "a.example"); err != nil || asked != want {
				t.Errorf("%d: asked %d times, want %d (%v)", i, asked, want, err)
			}
			<-time.After(40 * time.Minute)
		}
	})
}
