package emulator

import (
	"math"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/authbench/authbench/internal/clock"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// newWay is a delivery by itself.
func newWay(c *clock.Clock, limit int, change func(*policy.Project)) *delivery {
	p := policy.Default()
	change(&p)
	return newDelivery(newInbox(limit), c, p, newRandom(1, "delivery/test"))
}

func lateBy(d time.Duration) func(*policy.Project) {
	return func(p *policy.Project) {
		p.Delivery.Latency = policy.Latency{Distribution: policy.Fixed, Value: policy.Duration(d)}
	}
}

// Whoever waits is woken when the message is due: in its time, or when the clock is
// moved, and not by a clock that stands still.
func TestDueMessageWakesReaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(clock.System)
		d := newWay(c, 10, lateBy(time.Minute))
		defer d.close()
		start := time.Now()
		read := func(recipient string, want time.Duration) {
			t.Helper()
			if got := <-waiting(t.Context(), d.inbox, recipient); len(got) != 1 || time.Since(start) != want {
				t.Errorf("%v after %s, want one message after %s", got, time.Since(start), want)
			}
		}
		after := func(delay time.Duration) policy.Delivery {
			p := policy.DefaultDelivery()
			p.Latency.Value = policy.Duration(delay)
			return p
		}
		d.send(c.Now(), &message{ID: "1", Recipient: "a"}, messageFault{})
		synctest.Wait()
		d.set(after(30 * time.Second))
		d.send(c.Now(), &message{ID: "2", Recipient: "b"}, messageFault{}) // due before the first
		read("b", 30*time.Second)
		read("a", time.Minute)

		d.send(c.Now(), &message{ID: "3", Recipient: "c"}, messageFault{})
		reader := waiting(t.Context(), d.inbox, "c")
		for _, move := range []clock.Move{{Freeze: true}, {Advance: 29 * time.Second}} {
			if _, err := c.Move(move); err != nil {
				t.Fatal(err)
			}
			_ = clock.Wait(t.Context(), time.Hour)
			if len(reader) > 0 {
				t.Fatal("a message arrived before the clock told its time")
			}
		}
		if _, err := c.Move(clock.Move{Advance: time.Second}); err != nil {
			t.Fatal(err)
		}
		got := <-reader
		if len(got) != 1 || !got[0].Delivery.ArrivedAt.Equal(got[0].Delivery.DueAt) {
			t.Errorf("after the clock was moved: %v", got)
		}
		synctest.Wait()
		d.set(policy.DefaultDelivery())
		if d.keeping || !d.direct.Load() {
			t.Errorf("with nothing on the way: keeping %t, direct %t", d.keeping, d.direct.Load())
		}
	})
}

// A project that is dropped with messages on their way leaves no goroutine: synctest
// would report one that is blocked for ever.
func TestDroppedProjectStopsDelivering(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := New(Options{})
		settings := policy.Default()
		settings.SigningAlg = policy.ES256
		lateBy(time.Hour)(&settings)
		if _, err := e.CreateProject("P1", secret.String{}, settings); err != nil {
			t.Fatal(err)
		}
		p, _ := e.project("P1")
		p.delivery.send(p.clock.Now(), &message{ID: "1", Recipient: "a"}, messageFault{})
		synctest.Wait()
		if !p.delivery.keeping {
			t.Fatal("nobody waits for the message")
		}
		e.Close()
		if p.delivery.keeping {
			t.Error("somebody waits for a message of a project that is gone")
		}
		p.delivery.send(p.clock.Now(), &message{ID: "2", Recipient: "a"}, messageFault{}) // a request that was in flight
		p.delivery.settle()
		if p.delivery.keeping {
			t.Error("a closed delivery began again")
		}
	})
}

// Messages on their way are bounded as the unread are.
func TestMessagesOnTheWayAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := clock.New(func() time.Time { return now })
	d := newWay(c, 10, func(p *policy.Project) {
		lateBy(time.Hour)(p)
		p.Delivery.Reorder = 0.5
	})
	defer d.close()
	for i := range 5000 {
		d.send(now, &message{ID: strconv.Itoa(i), Recipient: "r" + strconv.Itoa(i%3)}, messageFault{})
	}
	held := 0
	for _, of := range d.overtaken {
		held += len(of)
	}
	if len(d.way) != 10 || len(d.failed) != failedLimit || held > 10 {
		t.Errorf("%d on the way, %d failed, %d held", len(d.way), len(d.failed), held)
	}
	if got := d.failed[0]; got.State != lost || got.Delivery.Reason != reasonOverflow {
		t.Errorf("one too many is %s for %q", got.State, got.Delivery.Reason)
	}
	d.flush()
	if d.inbox.unreadCount != 10 || len(d.overtaken) != 0 || len(d.way) != 0 {
		t.Errorf("%d unread, %d held, %d on the way", d.inbox.unreadCount, len(d.overtaken), len(d.way))
	}
	if got := d.inbox.counts("").Total; got.Sent != 5000 || got.Delivered != 10 || got.Lost != 4990 || got.Pending != 0 {
		t.Errorf("counts %+v", got)
	}
}

// Each distribution has the quantiles that its name promises.
func TestLatencyDistributions(t *testing.T) {
	t.Parallel()
	s := func(n float64) policy.Duration { return policy.Duration(n * float64(time.Second)) }
	r := newRandom(7, "latency")
	for name, tt := range map[string]struct {
		latency          policy.Latency
		p10, median, p90 float64 // seconds
	}{
		"fixed":   {policy.Latency{Distribution: policy.Fixed, Value: s(2)}, 2, 2, 2},
		"uniform": {policy.Latency{Distribution: policy.Uniform, Min: s(1), Max: s(3)}, 1.2, 2, 2.8},
		"normal":  {policy.Latency{Distribution: policy.Normal, Mean: s(10), Stddev: s(2)}, 7.437, 10, 12.563},
		"lognormal": {policy.Latency{Distribution: policy.Lognormal, Median: s(0.8), Sigma: 1},
			0.8 * math.Exp(-1.28155), 0.8, 0.8 * math.Exp(1.28155)},
		"bounded": {policy.Latency{Distribution: policy.Lognormal, Median: s(0.8), Sigma: 2.5, Min: s(0.5), Max: s(4)}, 0.5, 0.8, 4},
	} {
		draws := make([]float64, 20_000)
		for i := range draws {
			draws[i] = latencyAt(tt.latency, r.rand.Float64()).Seconds()
		}
		slices.Sort(draws)
		for q, want := range map[float64]float64{0.1: tt.p10, 0.5: tt.median, 0.9: tt.p90} {
			if got := draws[int(q*float64(len(draws)))]; math.Abs(got-want) > 0.05*want {
				t.Errorf("%s: the quantile %g is %.3fs, want %.3fs", name, q, got, want)
			}
		}
	}
	for _, l := range []policy.Latency{
		{Distribution: policy.Normal, Stddev: s(1e4)}, {Distribution: policy.Lognormal, Median: s(86_400), Sigma: 10}, {Distribution: policy.Normal},
	} {
		for _, u := range []float64{0, 0.5, math.Nextafter(1, 0)} {
			if got := latencyAt(l, u); got < 0 || got > policy.MaxLatency {
				t.Errorf("%+v at %g is %s", l, u, got)
			}
		}
	}
}

// A message that nothing lies in the way of costs what it costs the inbox.
//
//nolint:paralleltest // allocations are counted for the whole process
func TestDirectDeliveryAllocatesNothing(t *testing.T) {
	d := newWay(clock.New(clock.System), 10, func(*policy.Project) {})
	plain := newInbox(10)
	m := message{Recipient: "a"}
	send := testing.AllocsPerRun(1000, func() { d.send(time.Time{}, &m, messageFault{}) })
	put := testing.AllocsPerRun(1000, func() { plain.put(&m) })
	if send > put {
		t.Errorf("%v allocations for a message, want those of the inbox, %v", send, put)
	}
}

// Counts are of everybody, but one by one of so many recipients only.
func TestTalliesAreBounded(t *testing.T) {
	t.Parallel()
	b := newInbox(10)
	for i := range talliedLimit + 5 {
		b.put(&message{ID: "x", Recipient: strconv.Itoa(i)})
	}
	all, known, unknown := b.counts(""), b.counts("0"), b.counts(strconv.Itoa(talliedLimit))
	if all.Total.Sent != talliedLimit+5 || len(all.Recipients) != listLimit || all.Complete || !known.Complete || unknown.Complete {
		t.Errorf("total %+v, %d listed, complete %t, %t and %t", all.Total, len(all.Recipients), all.Complete, known.Complete, unknown.Complete)
	}
}
