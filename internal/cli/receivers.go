package cli

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/authbench/authbench/internal/metrics"
)

// What the variables begin with that hold the credentials of a receiver.
const (
	pushEnv        = "AUTHBENCH_PUSH"
	remoteWriteEnv = "AUTHBENCH_REMOTE_WRITE"
)

// receivers are the flags that say where metrics are sent.
type receivers struct {
	push        string
	remoteWrite string
}

func (r *receivers) registerPush(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.push, "push", "", "push the last values to the Pushgateway at this `URL` when the run is over, within 15s; credentials come from AUTHBENCH_PUSH_TOKEN, or _USERNAME and _PASSWORD, the grouping labels env and location from AUTHBENCH_ENV and AUTHBENCH_LOCATION")
}

func (r *receivers) registerRemoteWrite(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.remoteWrite, "remote-write", "", "send metrics to this `URL` every five seconds, by Prometheus remote write 1.0, and the last ones within 15s of the end; credentials come from AUTHBENCH_REMOTE_WRITE_TOKEN, or _USERNAME and _PASSWORD")
}

// check finds a wrong address before anything is sent.
func (r *receivers) check(a *app) error {
	if r.remoteWrite != "" {
		if err := a.checkCredentials(remoteWriteEnv); err != nil {
			return err
		}
		if _, err := metrics.NewRemoteWriter(nil, a.remoteOptions(r.remoteWrite)); err != nil {
			return &failure{code: Wrong, err: err}
		}
	}
	if r.push != "" {
		if err := a.checkCredentials(pushEnv); err != nil {
			return err
		}
		if err := metrics.CheckPush(a.pushOptions(r.push, "")); err != nil {
			return &failure{code: Wrong, err: err}
		}
	}
	return nil
}

// checkCredentials finds a password that belongs to nobody: it would be sent, and refused
// at the end of the run.
func (a *app) checkCredentials(prefix string) error {
	if c := metrics.CredentialsFrom(prefix, a.env); c.Password != "" && c.Username == "" {
		return wrong("%s_PASSWORD is set, and %s_USERNAME is not", prefix, prefix)
	}
	return nil
}

func (a *app) remoteOptions(url string) metrics.RemoteOptions {
	labels := map[string]string{"job": "authbench"}
	if host, err := os.Hostname(); err == nil {
		labels["instance"] = host
	}
	if at := a.env("AUTHBENCH_LOCATION"); at != "" {
		labels["location"] = at
	}
	return metrics.RemoteOptions{URL: url, Credentials: metrics.CredentialsFrom(remoteWriteEnv, a.env), Labels: labels}
}

func (a *app) pushOptions(url, suite string) metrics.PushOptions {
	return metrics.PushOptions{
		URL: url, Credentials: metrics.CredentialsFrom(pushEnv, a.env), Job: "authbench",
		Suite: suite, Env: a.env("AUTHBENCH_ENV"), Location: a.env("AUTHBENCH_LOCATION"),
	}
}

// pushing hands the values of suites to a Pushgateway, one after the other.
func (a *app) pushing(url string, e *metrics.Exposition, suites []string) delivery {
	return delivery{host: hostOf(url), send: func(ctx context.Context) error {
		var all faults
		for _, suite := range suites {
			all.keep(metrics.Push(ctx, e.Gatherer(), a.pushOptions(url, suite)))
		}
		return all.err()
	}}
}
