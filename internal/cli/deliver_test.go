package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// stuckUntil is a receiver that takes nothing until it is given up.
func stuckUntil(host string) delivery {
	return delivery{host: host, send: func(ctx context.Context) error {
		<-ctx.Done()
		return fmt.Errorf("%s: %w", host, context.Cause(ctx))
	}}
}

func fails(host string) delivery {
	return delivery{host: host, send: func(context.Context) error { return errors.New(host + " refused") }}
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	const notice = "Waiting for slow.test and stuck.test to take the last numbers, 15s at most. Ctrl-C ends the wait.\n"
	slow := delivery{host: "slow.test", send: func(ctx context.Context) error {
		select {
		case <-time.After(5 * time.Second):
		case <-ctx.Done():
		}
		return ctx.Err()
	}}
	for name, test := range map[string]struct {
		all []delivery
		// soft and hard are when these end, 0 before the wait begins, below 0 never.
		soft, hard time.Duration
		fails      string
		told       string
		took       time.Duration
	}{
		"nobody":       {nil, -1, -1, "<nil>", "", 0},
		"all fail":     {[]delivery{fails("a"), fails("b")}, -1, -1, "a refused\nb refused", "", 0},
		"one hangs":    {[]delivery{slow, stuckUntil("stuck.test")}, -1, -1, "stuck.test: given up after 15s", notice, 15 * time.Second},
		"first Ctrl-C": {[]delivery{slow, stuckUntil("stuck.test")}, 6 * time.Second, -1, "stuck.test: interrupted", notice, 6 * time.Second},
		"of an interrupted run": {
			[]delivery{slow, stuckUntil("stuck.test")}, 0, 7 * time.Second, "stuck.test: interrupted", notice, 7 * time.Second,
		},
		"before a word": {[]delivery{stuckUntil("a")}, time.Second, -1, "a: interrupted", "", time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			var told bytes.Buffer
			soft, stopSoft := context.WithCancel(t.Context())
			hard, stopHard := context.WithCancel(t.Context())
			defer stopSoft()
			defer stopHard()
			for at, stop := range map[*time.Duration]func(){&test.soft: stopSoft, &test.hard: stopHard} {
				if *at == 0 {
					stop()
				} else if *at > 0 {
					defer time.AfterFunc(*at, stop).Stop()
				}
			}
			a := &app{Process: Process{Err: &told}, hard: hard}
			before := time.Now()
			err := a.deliver(soft, test.all)
			if d := cmp.Diff(fmt.Sprint(err), test.fails); d != "" {
				t.Errorf("%s (-got +want):\n%s", name, d)
			}
			if d := cmp.Diff(told.String(), test.told); d != "" {
				t.Errorf("%s: told (-got +want):\n%s", name, d)
			}
			if took := time.Since(before); took != test.took {
				t.Errorf("%s: it took %v, want %v", name, took, test.took)
			}
		})
	}
}

func TestFaultsAreBounded(t *testing.T) {
	t.Parallel()
	var f faults
	f.keep(nil)
	for i := range 1000 {
		f.keep(errors.New("broken pipe"))
		f.keep(fmt.Errorf("result %d", i))
	}
	if len(f.all) != maxFaults || f.all[0].Error() != "broken pipe" || f.all[1].Error() != "result 0" {
		t.Errorf("got %v", f.all)
	}
}
