package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

const (
	// deliveryLimit bounds what a run waits at its end for receivers of metrics, all of
	// them together.
	deliveryLimit = 15 * time.Second
	// silentWait is how long it waits without a word.
	silentWait = 2 * time.Second
)

var (
	errDeliveryLimit = fmt.Errorf("given up after %s", deliveryLimit)
	errInterrupted   = errors.New("interrupted")
)

// delivery hands the last numbers to one receiver.
type delivery struct {
	// host is who gets them, fit to be shown.
	host string
	send func(ctx context.Context) error
}

// deliver hands the last numbers to all receivers at a time. The wait ends with
// deliveryLimit, or with the next interrupt: soft may be done with when it begins, for a
// run that was interrupted has numbers too. All failures are told, in the order of all.
func (a *app) deliver(soft context.Context, all []delivery) error {
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(a.hard), deliveryLimit, errDeliveryLimit)
	defer cancel()
	ctx, interrupt := context.WithCancelCause(ctx)
	defer interrupt(nil)
	if soft.Err() == nil {
		defer context.AfterFunc(soft, func() { interrupt(errInterrupted) })()
	}
	defer context.AfterFunc(a.hard, func() { interrupt(errInterrupted) })()

	type ending struct {
		i   int
		err error
	}
	endings := make(chan ending, len(all))
	for i, d := range all {
		go func() { endings <- ending{i, d.send(ctx)} }()
	}
	timer := time.NewTimer(silentWait)
	defer timer.Stop()
	errs, ended := make([]error, len(all)), make([]bool, len(all))
	for left := len(all); left > 0; {
		select {
		case e := <-endings:
			errs[e.i], ended[e.i] = e.err, true
			left--
		case <-timer.C:
			a.tellWait(all, ended)
		}
	}
	return errors.Join(errs...)
}

// tellWait says whom the end of the run waits for.
func (a *app) tellWait(all []delivery, ended []bool) {
	var hosts []string
	for i, d := range all {
		if !ended[i] {
			hosts = append(hosts, d.host)
		}
	}
	_, _ = fmt.Fprintf(a.Err, "Waiting for %s to take the last numbers, %s at most. Ctrl-C ends the wait.\n", strings.Join(hosts, " and "), deliveryLimit)
}

// hostOf gives the part of an address that holds no secret.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the receiver"
	}
	return u.Host
}
