package cli

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/authbench/authbench/internal/metrics"
)

// receivers are the flags that say where metrics are sent.
type receivers struct {
	push        string
	remoteWrite string
}

func (r *receivers) registerPush(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.push, "push", "", "push the last values to the Pushgateway at this `URL` when the run is over; credentials come from AUTHBENCH_PUSH_TOKEN, or _USERNAME and _PASSWORD, the grouping labels env and location from AUTHBENCH_ENV and AUTHBENCH_LOCATION")
}

func (r *receivers) registerRemoteWrite(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.remoteWrite, "remote-write", "", "send metrics to this `URL` every five seconds, by Prometheus remote write 1.0; credentials come from AUTHBENCH_REMOTE_WRITE_TOKEN, or _USERNAME and _PASSWORD")
}

// check finds a wrong address before anything is sent.
func (r *receivers) check(a *app) error {
	if r.remoteWrite != "" {
		if _, err := metrics.NewRemoteWriter(nil, a.remoteOptions(r.remoteWrite)); err != nil {
			return &failure{code: Wrong, err: err}
		}
	}
	if r.push != "" {
		if err := metrics.CheckPush(a.pushOptions(r.push, "")); err != nil {
			return &failure{code: Wrong, err: err}
		}
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
	return metrics.RemoteOptions{URL: url, Credentials: metrics.CredentialsFrom("AUTHBENCH_REMOTE_WRITE", a.env), Labels: labels}
}

func (a *app) pushOptions(url, suite string) metrics.PushOptions {
	return metrics.PushOptions{
		URL: url, Credentials: metrics.CredentialsFrom("AUTHBENCH_PUSH", a.env), Job: "authbench",
		Suite: suite, Env: a.env("AUTHBENCH_ENV"), Location: a.env("AUTHBENCH_LOCATION"),
	}
}
