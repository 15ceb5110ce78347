package runner_test

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/steps"
)

// pauses makes a kind that waits for d.
func pauses(d time.Duration) *steps.Kind {
	k := kind("pause", nil)
	k.Requests = nil
	k.Await = func(*steps.Env, steps.Args) steps.Waiting {
		return steps.Waiting{For: d, Reply: func(end steps.WaitEnd) steps.Reply {
			r := steps.Reply{OK: end.How == steps.WaitMet, Start: end.Start, Wait: end.Waited}
			switch end.How {
			case steps.WaitTimeout:
				r.Reason, r.Message = result.ReasonTimeout, "the time is up"
			case steps.WaitCanceled:
				r.Unjudged, r.Reason = true, result.ReasonCanceled
			}
			return r
		}}
	}
	return k
}

// expects makes a kind that waits for a message.
func expects() *steps.Kind {
	k := kind("message", nil)
	k.Requests = nil
	k.Args = append(k.Args, steps.Arg{Name: "inbox", Type: cty.String, Role: steps.RoleInbox})
	k.Await = func(env *steps.Env, args steps.Args) steps.Waiting {
		return steps.Waiting{Match: &capture.Match{Recipient: args.String("to")}, Reply: func(end steps.WaitEnd) steps.Reply {
			r := steps.Reply{Start: end.Start, Wait: end.Waited}
			switch {
			case end.Message != nil:
				r.OK, r.Values = true, steps.Fixed{"jwt": cty.StringVal(end.Message.Body)}
			case end.How == steps.WaitFailed:
				r.Unjudged, r.Reason, r.Message = true, result.ReasonInbox, end.Err.Error()
			case end.How == steps.WaitTimeout:
				r.Reason, r.Message = result.ReasonDeliveryLost, "no message"
			default:
				r.Unjudged, r.Reason = true, result.ReasonCanceled
			}
			return r
		}}
	}
	return k
}

// post is an inbox without goroutines: it holds watches until it is told to deliver.
type post struct {
	mu      sync.Mutex
	watches map[int]func(capture.Message, error)
	next    int
}

func (*post) Close() error { return nil }

func (*post) Mark(context.Context, capture.Send) (capture.Mark, error) {
	return capture.NewMark("0"), nil
}

func (p *post) Watch(_ capture.Mark, match capture.Match, found func(capture.Message, error)) func() (capture.Seen, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.watches == nil {
		p.watches = map[int]func(capture.Message, error){}
	}
	p.next++
	n := p.next
	p.watches[n] = found
	return func() (capture.Seen, bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		_, there := p.watches[n]
		delete(p.watches, n)
		return capture.Seen{Requests: 1}, there
	}
}

// deliver gives every watch a message.
func (p *post) deliver(body string, err error) {
	p.mu.Lock()
	watches := p.watches
	p.watches = nil
	p.mu.Unlock()
	for _, found := range watches {
		go found(capture.Message{Body: body}, err)
	}
}

// mailed is a plan that asks for a message and waits for it.
func mailed(t testing.TB, source capture.Source) (*plan.Plan, runner.Environment) {
	inbox := &plan.Inbox{Name: "sms"}
	send, wait := body(t, "send", succeeds("fake"), "id", `"me"`), body(t, "wait", expects(), "to", `step.send.id`)
	wait.Inbox, wait.After, wait.Timeout = inbox, &plan.StepRef{Name: "send"}, time.Minute
	clean := step(t, result.Teardown, "clean", succeeds("fake"), "id", `step.send.id`)
	p := planOf(scenario("x", send, wait, clean))
	p.Scenarios[0].Timeout = time.Hour
	p.Inboxes = []*plan.Inbox{inbox}
	return p, runner.Environment{Inboxes: map[*plan.Inbox]capture.Source{inbox: source}}
}

// A waiting iteration holds no goroutine: thousands of them hold a handful.
//
//nolint:paralleltest // it counts the goroutines of the process
func TestParkedIterationsHoldNoGoroutine(t *testing.T) {
	const n = parked
	for name, planned := range map[string]func() (*plan.Plan, runner.Environment){
		"pause": func() (*plan.Plan, runner.Environment) {
			return planOf(scenario("x", body(t, "a", pauses(time.Minute)))), runner.Environment{}
		},
		"limit": func() (*plan.Plan, runner.Environment) {
			return limited(t, plan.Limits{RequestsPerSecond: 100}, succeeds("fake"))
		},
		"place": func() (*plan.Plan, runner.Environment) {
			return limited(t, plan.Limits{MaxRequestsInFlight: 1}, kind("fake", func(context.Context, *steps.Env, steps.Args) steps.Reply {
				<-time.After(10 * time.Millisecond)
				return ok(nil)
			}))
		},
		"retry": func() (*plan.Plan, runner.Environment) {
			var asked atomic.Int64
			s := body(t, "a", always("fake", func() steps.Reply {
				if asked.Add(1) <= n {
					return refusal(503, "")
				}
				return ok(nil)
			}))
			s.Retry = &plan.Retry{Attempts: 2, On: []string{"5xx"}, MinDelay: time.Minute}
			return planOf(scenario("x", s)), runner.Environment{}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, env := planned()
				p.Scenarios[0].Timeout, p.Scenarios[0].Body[0].Timeout = time.Hour, time.Hour
				before := runtime.NumGoroutine()
				var held atomic.Int64
				time.AfterFunc(time.Second, func() {
					synctest.Wait()
					held.Store(int64(runtime.NumGoroutine() - before))
				})
				o := run(t, p, env, runner.Options{Repeat: n, Parallelism: n})
				if o.account.Success != n {
					t.Errorf("got %+v", o.account)
				}
				// The crew and the one that carries out a request.
				if held.Load() > 500 {
					t.Errorf("%d iterations that wait hold %d goroutines", n, held.Load())
				}
			})
		})
	}
}

func TestInterruptResumesWhatIsParked(t *testing.T) {
	t.Parallel()
	const n = parked
	synctest.Test(t, func(t *testing.T) {
		p, env := mailed(t, &post{})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Second, cancel)
		begin := time.Now()
		o := runIn(t, ctx, context.Background(), p, env, runner.Options{Repeat: n + 100, Parallelism: n})
		if o.account != (runner.Account{Started: n, Aborted: n}) || time.Since(begin) != 10*time.Second {
			t.Errorf("got %+v after %s", o.account, time.Since(begin))
		}
		for _, it := range o.iterations {
			if len(it.Steps) != 3 || it.Steps[2].Outcome != result.Success || it.Reason != result.ReasonCanceled || it.Wait != 10*time.Second {
				t.Fatalf("got %s, %d steps, waited %s", it.Reason, len(it.Steps), it.Wait)
			}
		}
	})
}

func TestSecondInterruptResumesTeardown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := planOf(scenario("x", body(t, "a", pauses(time.Second)), step(t, result.Teardown, "clean", pauses(time.Hour))))
		hard, kill := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, kill)
		begin := time.Now()
		o := runIn(t, t.Context(), hard, p, runner.Environment{}, runner.Options{Repeat: 1000, Parallelism: 1000, TeardownTimeout: 2 * time.Hour})
		if o.account != (runner.Account{Started: 1000, Aborted: 1000}) || time.Since(begin) != 5*time.Second {
			t.Errorf("got %+v after %s", o.account, time.Since(begin))
		}
	})
}

func TestMessageResumesWhoeverWaitsForIt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		after time.Duration
		err   error
		want  runner.Account
		wait  time.Duration
	}{
		"message": {20 * time.Second, nil, runner.Account{Started: 100, Success: 100}, 20 * time.Second},
		"broken":  {20 * time.Second, context.DeadlineExceeded, runner.Account{Started: 100, Error: 100}, 20 * time.Second},
		"late":    {2 * time.Minute, nil, runner.Account{Started: 100, Failure: 100}, time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			source := &post{}
			p, env := mailed(t, source)
			time.AfterFunc(tt.after, func() { source.deliver("123456", tt.err) })
			o := run(t, p, env, runner.Options{Repeat: 100, Parallelism: 100})
			if o.account != tt.want {
				t.Errorf("%s: got %+v, want %+v", name, o.account, tt.want)
			}
			for _, it := range o.iterations {
				if it.Steps[1].Wait != tt.wait || it.Wait != tt.wait || it.Duration != tt.wait {
					t.Fatalf("%s: waited %s and %s in %s, want %s", name, it.Steps[1].Wait, it.Wait, it.Duration, tt.wait)
				}
			}
		})
	}
}

// A message that comes while the run is stopped, or the time is up, reaches one end or
// the other, never none.
func TestMessageMeetsInterrupt(t *testing.T) {
	t.Parallel()
	for range 20 {
		source := &post{}
		p, env := mailed(t, source)
		ctx, cancel := context.WithCancel(t.Context())
		var waiting sync.WaitGroup
		waiting.Go(func() {
			for {
				source.mu.Lock()
				there := len(source.watches)
				source.mu.Unlock()
				if there == 50 {
					break
				}
				runtime.Gosched()
			}
			go cancel()
			source.deliver("123456", nil)
		})
		o := runIn(t, ctx, context.Background(), p, env, runner.Options{Repeat: 50, Parallelism: 50})
		waiting.Wait()
		if o.account.Success+o.account.Aborted != 50 {
			t.Fatalf("got %+v", o.account)
		}
	}
}

// Places in flight go to those who came first, and nobody is left behind.
func TestPlacesAreServedInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var j journal
		provider := &plan.Provider{Name: "descope", Limits: plan.Limits{MaxRequestsInFlight: 1}}
		k := kind("fake", func(_ context.Context, _ *steps.Env, args steps.Args) steps.Reply {
			j.add(args.String("id"))
			<-time.After(time.Second)
			return ok(nil)
		})
		s := body(t, "s", k, "id", `format("%03d", iteration.id)`)
		s.Provider = provider
		p := planOf(scenario("x", s))
		// One start every millisecond, so that the order of arrival is known.
		o := run(t, p, runner.Environment{Conns: map[*plan.Provider]any{provider: nil}}, runner.Options{Repeat: 200, Parallelism: 200, Rate: 1000})
		if o.account.Success != 200 {
			t.Fatalf("got %+v", o.account)
		}
		for i := 1; i < len(j.events); i++ {
			if j.events[i] < j.events[i-1] {
				t.Fatalf("%s was served before %s", j.events[i-1], j.events[i])
			}
		}
	})
}

// Whoever gives up while it stands in line neither keeps a place nor loses one.
func TestLineOutlivesThoseWhoLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, env := limited(t, plan.Limits{MaxRequestsInFlight: 2}, kind("fake", func(context.Context, *steps.Env, steps.Args) steps.Reply {
			<-time.After(time.Second)
			return ok(nil)
		}))
		p.Scenarios[0].Timeout = 10 * time.Second
		o := run(t, p, env, runner.Options{Repeat: 100, Parallelism: 50})
		for _, it := range o.iterations {
			if it.Outcome == result.Error && !strings.Contains(it.Message, "not sent: the scenario's timeout of 10s is used up") {
				t.Fatalf("got %s", it.Message)
			}
		}
		if o.account.Success < 40 || o.account.Success+o.account.Error+o.account.Failure != 100 {
			t.Errorf("got %+v", o.account)
		}
	})
}
