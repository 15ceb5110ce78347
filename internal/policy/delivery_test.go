package policy_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/policy"
)

func settingsOf(found []policy.Problem) []string {
	out := []string{}
	for _, p := range found {
		out = append(out, p.Setting)
	}
	return out
}

func TestDeliveryFaults(t *testing.T) {
	t.Parallel()
	second, much := policy.Duration(time.Second), policy.Duration(25*time.Hour)
	beyond := 1.5
	for name, tt := range map[string]struct {
		change func(*policy.Delivery)
		want   []string
	}{
		"nothing": {func(*policy.Delivery) {}, []string{}},
		"fixed":   {func(d *policy.Delivery) { d.Latency = policy.Latency{Distribution: policy.Fixed, Value: much} }, []string{"delivery.latency.value"}},
		"uniform": {func(d *policy.Delivery) { d.Latency = policy.Latency{Distribution: policy.Uniform, Min: second} }, []string{"delivery.latency.max"}},
		"uniform reversed": {func(d *policy.Delivery) {
			d.Latency = policy.Latency{Distribution: policy.Uniform, Min: second, Max: 1}
		}, []string{"delivery.latency.min"}},
		"normal": {func(d *policy.Delivery) {
			d.Latency = policy.Latency{Distribution: policy.Normal, Mean: second, Sigma: 1}
		}, []string{"delivery.latency.sigma"}},
		"lognormal": {func(d *policy.Delivery) {
			d.Latency = policy.Latency{Distribution: policy.Lognormal, Value: second, Sigma: 11}
		}, []string{"delivery.latency.value", "delivery.latency.sigma", "delivery.latency.median"}},
		"lognormal, no number": {func(d *policy.Delivery) {
			d.Latency = policy.Latency{Distribution: policy.Lognormal, Median: second, Sigma: math.NaN()}
		}, []string{"delivery.latency.sigma"}},
		"probabilities": {func(d *policy.Delivery) { d.Loss, d.Duplicate, d.Reorder = -0.1, 1.1, math.NaN() },
			[]string{"delivery.loss", "delivery.duplicate", "delivery.reorder"}},
		"carriers": {func(d *policy.Delivery) {
			d.Carriers = []policy.Carrier{
				{Prefix: "+1"}, {Prefix: "213"}, {Prefix: "+"}, {Prefix: "+1", Reject: "no"}, {Prefix: "+12", Loss: &beyond, Latency: &policy.Latency{}},
			}
		}, []string{
			"delivery.carrier[1].prefix", "delivery.carrier[2].prefix", "delivery.carrier[3].prefix", "delivery.carrier[3].reject",
			"delivery.carrier[4].latency.distribution", "delivery.carrier[4].loss",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := policy.Default()
			tt.change(&p.Delivery)
			if diff := cmp.Diff(settingsOf(p.Validate()), tt.want); diff != "" {
				t.Errorf("settings at fault (-got +want):\n%s", diff)
			}
		})
	}
}

func gateway() policy.SMSGateway {
	g := policy.DefaultSMSGateway()
	g.PostURL = "https://gateway.test/sms"
	g.HMACSecret = policy.NewSecret("canary-hmac")
	g.Headers = map[string]policy.Secret{"X-Account": policy.NewSecret("canary-header")}
	g.Authentication.Basic = &policy.BasicAuth{Username: "u", Password: policy.NewSecret("canary-password")}
	return g
}

func TestGatewayFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*policy.SMSGateway)
		want   []string
	}{
		"nothing":       {func(*policy.SMSGateway) {}, []string{}},
		"password":      {func(g *policy.SMSGateway) { g.PostURL = "https://u:canary@gateway.test" }, []string{"post_url"}},
		"scheme":        {func(g *policy.SMSGateway) { g.PostURL = "ftp://gateway.test" }, []string{"post_url"}},
		"header":        {func(g *policy.SMSGateway) { g.Headers = map[string]policy.Secret{"A B": {}} }, []string{"headers"}},
		"length header": {func(g *policy.SMSGateway) { g.Headers = map[string]policy.Secret{"content-length": {}} }, []string{"headers"}},
		"line feed": {func(g *policy.SMSGateway) {
			g.Headers = map[string]policy.Secret{"X": policy.NewSecret("canary\nX: y")}
		}, []string{"headers"}},
		"two ways": {func(g *policy.SMSGateway) { g.Authentication.BearerToken = policy.NewSecret("canary") }, []string{"authentication"}},
		"API key":  {func(g *policy.SMSGateway) { g.Authentication = policy.Authentication{APIKey: &policy.APIKey{}} }, []string{"authentication.api_key.key"}},
		"bounds": {func(g *policy.SMSGateway) {
			g.ConnectTimeout, g.ReadTimeout, g.MaxInFlight, g.MaxQueued, g.Attempts = 0, 0, 0, 0, 0
		}, []string{"connect_timeout", "read_timeout", "max_in_flight", "max_queued", "attempts"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gateway()
			tt.change(&g)
			p := policy.Default()
			p.Connectors.GenericSMSGateway = &g
			found := p.Validate()
			want := []string{}
			for _, setting := range tt.want {
				want = append(want, "connectors.generic_sms_gateway."+setting)
			}
			if diff := cmp.Diff(settingsOf(found), want); diff != "" {
				t.Errorf("settings at fault (-got +want):\n%s", diff)
			}
			if strings.Contains(fmt.Sprint(found), "canary") {
				t.Errorf("%v shows a secret", found)
			}
		})
	}
}

// A policy is shown without its secrets, and goes to an emulator with them.
func TestSecretsOfAPolicy(t *testing.T) {
	t.Parallel()
	g := gateway()
	p := policy.Default()
	p.Connectors.GenericSMSGateway = &g
	shown, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(shown), fmt.Sprintf("%v %+v %#v", p, g, g)} {
		if strings.Contains(text, "canary") {
			t.Errorf("%s shows a secret", text)
		}
	}
	sent, err := json.Marshal(p.Revealed())
	if err != nil {
		t.Fatal(err)
	}
	var got policy.Project
	if err := json.Unmarshal(sent, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, p); diff != "" {
		t.Errorf("what arrived (-got +want):\n%s", diff)
	}
	if again, err := json.Marshal(p); err != nil || string(again) != string(shown) {
		t.Errorf("the original changed: %s, error %v", again, err)
	}
	if strings.Count(string(sent), "canary") != 3 {
		t.Errorf("%s lacks a secret", sent)
	}
}
