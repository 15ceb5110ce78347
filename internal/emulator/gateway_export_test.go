package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/secret"
)

// A post that was under way at the export is over where the project is imported: nobody
// there will hear of it.
func TestGatewayPostUnderWayIsExported(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	r := newReceiver(t, func(http.ResponseWriter) {
		arrived <- struct{}{}
		<-release
	})
	b := newBench(t, gatewayTo(r.URL))
	b.sendCodes(alice, 1)
	<-arrived
	exported := b.ask(http.MethodGet, "").text
	if !strings.Contains(exported, `"state":"queued"`) {
		t.Errorf("the export tells of no post under way: %s", exported)
	}
	o := &bench{t: t, clock: b.clock, project: b.project}
	o.emulator = emulator.New(emulator.Options{Clock: b.clock.Now, Seed: 7})
	t.Cleanup(o.emulator.Close)
	o.api, o.admin = newServer(t, o.emulator.Handler()), newServer(t, o.emulator.Admin(secret.New(adminKey)))
	if r := o.tell(http.MethodPut, "", exported); r.status != http.StatusCreated {
		t.Fatalf("import: %d %s", r.status, r.text)
	}
	if g := o.outbox("all", alice)[0].Delivery.Gateway; g.State != "failed" || g.Status != 0 || !strings.Contains(g.Error, "exported") {
		t.Errorf("the imported post: %+v, want that it failed by the export", g)
	}
	close(release)
	if g := b.posted(alice)[0].Delivery.Gateway; g.State != "accepted" || len(r.all()) != 1 {
		t.Errorf("where it began: %+v of %d posts, want one that was accepted", g, len(r.all()))
	}
}
