package plan

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Forecast is what a profile comes to when the target keeps up: arrivals, requests and
// messages, and the limits that stand in its way. Repetitions by retry and poll, and
// fixtures, come on top.
type Forecast struct {
	Schedule
	// Requests and Messages are those of all iterations; 0 when their number is not
	// known.
	Requests, Messages uint64
	// ByChannel counts messages, sorted by channel.
	ByChannel []ChannelCount
	// RequestsEach and MessagesEach are those of a mean iteration.
	RequestsEach, MessagesEach float64
	Stages                     []StageForecast
	Providers                  []ProviderForecast
}

// StageForecast is one stage of an open profile.
type StageForecast struct {
	// From and Rate are the rates at its ends.
	From, Rate         float64
	Start, Over        time.Duration
	Arrivals, Requests uint64
}

// ProviderForecast is one provider's share of a profile against its limits.
type ProviderForecast struct {
	Name               string
	Requests, Messages uint64
	// Each is the requests of a mean iteration, Peak those a second at the highest rate.
	Each, Peak float64
	// Bounds are the limits of requests a second, the tightest first.
	Bounds []Bound
	// Exceeded says in full sentences which limits hold the profile back.
	Exceeded []string
}

// Bound is one limit of requests a second.
type Bound struct {
	// What is "requests_per_second", with its class where it has one.
	What string
	// Limit and Peak are requests a second: allowed, and asked for at the peak.
	Limit, Peak float64
	// Holds tells that the schedule asks for more, first at From.
	Holds bool
	From  time.Duration
}

// Forecast works out what the profile comes to.
func (p *Plan) Forecast(l *Load) (Forecast, error) {
	s, err := l.Schedule()
	if err != nil {
		return Forecast{}, err
	}
	each := l.cost()
	times := float64(s.Arrivals)
	f := Forecast{
		Schedule: s, RequestsEach: each.requests, MessagesEach: each.messages,
		Requests: whole(times * each.requests), Messages: whole(times * each.messages), ByChannel: []ChannelCount{},
	}
	channels := map[string]int{}
	for name, n := range each.channels {
		channels[name] = int(whole(times * n))
	}
	f.ByChannel = countChannels(channels)
	f.Stages = l.forecastStages(s, each)
	for _, pr := range p.Providers {
		if pc := each.providers[pr]; pc != nil {
			f.Providers = append(f.Providers, l.forecastProvider(s, pr, pc))
		}
	}
	return f, nil
}

func whole(f float64) uint64 { return uint64(math.Round(f)) }

func (l *Load) forecastStages(s Schedule, each *cost) []StageForecast {
	var out []StageForecast
	var at time.Duration
	var from float64
	before := uint64(0)
	for i, st := range l.Stages {
		after := whole(s.Rate.Expected(at + st.Over))
		if i == len(l.Stages)-1 {
			after = s.Arrivals
		}
		out = append(out, StageForecast{
			From: from, Rate: st.Rate, Start: at, Over: st.Over, Arrivals: after - before, Requests: whole(float64(after-before) * each.requests),
		})
		at, from, before = at+st.Over, st.Rate, after
	}
	return out
}

func (l *Load) forecastProvider(s Schedule, pr *Provider, pc *providerCost) ProviderForecast {
	times := float64(s.Arrivals)
	f := ProviderForecast{
		Name: pr.Name, Requests: whole(times * pc.requests), Messages: whole(times * pc.messages), Each: pc.requests, Peak: s.Peak * pc.requests,
	}
	bound := func(what string, limit, each float64) {
		if limit <= 0 || each <= 0 || !l.Open() {
			return
		}
		b := Bound{What: what, Limit: limit, Peak: s.Peak * each}
		if b.From, b.Holds = l.reaches(limit / each); b.Holds {
			f.Exceeded = append(f.Exceeded, fmt.Sprintf(
				"Provider %q is asked %s requests/s at the peak and allows %s (%s): the limit holds the schedule back from %s on.",
				pr.Name, figure(b.Peak), figure(b.Limit), what, b.From.Round(time.Second)))
		}
		f.Bounds = append(f.Bounds, b)
	}
	bound("requests_per_second", pr.Limits.RequestsPerSecond, pc.requests)
	for _, c := range pr.Limits.Classes {
		bound(fmt.Sprintf("requests_per_second of class %q", c.Class), c.RequestsPerSecond, pc.classes[c.Class])
	}
	slices.SortStableFunc(f.Bounds, func(a, b Bound) int {
		switch x, y := a.Peak/a.Limit, b.Peak/b.Limit; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return strings.Compare(a.What, b.What)
	})
	if limit := pr.Limits.MaxMessages; limit > 0 && f.Messages > uint64(limit) {
		f.Exceeded = append(f.Exceeded, fmt.Sprintf(
			"Provider %q may send %d messages (max_messages), and this profile makes it send %d: the last %d will not be sent.",
			pr.Name, limit, f.Messages, f.Messages-uint64(limit)))
	}
	return f
}

// reaches tells when the schedule first asks for more than this rate.
func (l *Load) reaches(rate float64) (at time.Duration, ok bool) {
	from := 0.0
	for _, st := range l.Stages {
		switch {
		case st.Over == 0:
		case from > rate:
			return at, true
		case st.Rate > rate:
			return at + time.Duration(float64(st.Over)*(rate-from)/(st.Rate-from)), true
		}
		at, from = at+st.Over, st.Rate
	}
	return 0, false
}

// figure writes a number with three digits at most behind the point.
func figure(f float64) string {
	return strconv.FormatFloat(math.Round(f*1000)/1000, 'f', -1, 64)
}
