package plan

import (
	"fmt"
	"slices"
)

// Totals are what one pass over the selected scenarios sends. Steps that are known
// to be skipped do not count; repetitions by retry and poll come on top.
type Totals struct {
	Scenarios int `json:"scenarios"`
	Instances int `json:"instances"`
	Requests  int `json:"requests"`
	Messages  int `json:"messages"`
	// ByChannel counts messages, sorted by channel.
	ByChannel        []ChannelCount `json:"messages_by_channel"`
	ExpectedRefusals int            `json:"expected_refusals"`
	// Providers hold what each provider is asked to do.
	Providers []ProviderTotals `json:"providers"`
}

// ChannelCount counts the messages of one channel.
type ChannelCount struct {
	Channel  string `json:"channel"`
	Messages int    `json:"messages"`
}

// ProviderTotals hold one provider's share against its limits.
type ProviderTotals struct {
	Name     string `json:"name"`
	Requests int    `json:"requests"`
	Messages int    `json:"messages"`
	// RequestsPerSecond is the limit, 0 without one.
	RequestsPerSecond float64 `json:"requests_per_second"`
	// AtLeastSeconds is how long the limit makes the requests take.
	AtLeastSeconds float64 `json:"at_least_seconds"`
	// Exceeded says in full sentences which limits would be hit.
	Exceeded []string `json:"exceeded"`
}

// Totals counts what the plan comes to.
func (p *Plan) Totals() Totals {
	t := Totals{Instances: len(p.Scenarios)}
	names := map[string]bool{}
	channels := map[string]int{}
	share := make(map[*Provider]*ProviderTotals, len(p.Providers))
	for _, pr := range p.Providers {
		share[pr] = &ProviderTotals{Name: pr.Name, RequestsPerSecond: pr.Limits.RequestsPerSecond, Exceeded: []string{}}
	}
	for _, sc := range p.Scenarios {
		names[sc.Name] = true
		for _, s := range slices.Concat(sc.Setup, sc.Body, sc.Teardown) {
			if s.Skipped() {
				continue
			}
			n, channel := len(s.Routes()), s.Channel()
			t.Requests += n
			if s.Expect.Refusal() {
				t.ExpectedRefusals++
			}
			if channel != "" {
				channels[channel]++
				t.Messages++
			}
			if of := share[s.Provider]; of != nil {
				of.Requests += n
				if channel != "" {
					of.Messages++
				}
			}
		}
	}
	t.Scenarios = len(names)
	t.ByChannel = countChannels(channels)
	t.Providers = make([]ProviderTotals, 0, len(p.Providers))
	for _, pr := range p.Providers {
		of := share[pr]
		of.AtLeastSeconds = pr.Limits.AtLeast(of.Requests).Seconds()
		if limit := pr.Limits.MaxMessages; limit > 0 && of.Messages > limit {
			of.Exceeded = append(of.Exceeded, fmt.Sprintf(
				"Provider %q may send %d messages (max_messages), and this plan makes it send %d: the last %d will not be sent.",
				pr.Name, limit, of.Messages, of.Messages-limit))
		}
		t.Providers = append(t.Providers, *of)
	}
	return t
}

func countChannels(channels map[string]int) []ChannelCount {
	out := make([]ChannelCount, 0, len(channels))
	for name, n := range channels {
		out = append(out, ChannelCount{name, n})
	}
	slices.SortFunc(out, func(a, b ChannelCount) int {
		if a.Channel < b.Channel {
			return -1
		}
		return 1
	})
	return out
}
