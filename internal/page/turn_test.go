package page_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/authbench/authbench/internal/page"
)

// sink takes in everything, as the buffers of a machine do for a reader that never reads.
type sink struct{ *httptest.ResponseRecorder }

func (sink) SetWriteDeadline(time.Time) error { return nil }

// TestPlacesComeFree has readers that never read, and whose writes never fail.
func TestPlacesComeFree(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := page.New(load(5), page.Options{Clients: 1})
		ask := func(ctx context.Context) int {
			w := sink{httptest.NewRecorder()}
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/events", nil)
			r.Host = "localhost"
			p.Handler().ServeHTTP(w, r)
			return w.Code
		}
		go ask(t.Context())
		synctest.Wait()
		if got := ask(t.Context()); got != http.StatusServiceUnavailable {
			t.Fatalf("while it is taken: status %d", got)
		}
		<-time.After(time.Minute) // virtual
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if got := ask(ctx); got != http.StatusOK {
			t.Errorf("a minute later: status %d", got)
		}
		p.End(load(5))
	})
}
