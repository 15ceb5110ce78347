package plan

import (
	"math"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/policy"
)

func (v *viewer) load(p *Plan, l *Load) loadView {
	out := loadView{
		Name: l.Name, Description: v.text(l.Description), Seed: l.Seed, Mix: []shareView{}, Model: modelArrivals, Arrivals: "constant",
		Precise: l.Precise, MaxInFlight: l.MaxInFlight, Overflow: string(l.Overflow), Warmup: policy.Duration(l.Warmup),
		GracefulStop: policy.Duration(l.GracefulStop), Stages: []stageView{}, Users: []usersView{}, ByChannel: []ChannelCount{},
		Providers: []loadProviderView{}, Exceeded: []string{}, Thresholds: []thresholdView{}, Source: v.place(l.Source),
	}
	switch {
	case len(l.VUs) > 0:
		out.Model, out.Arrivals = modelUsers, ""
	case !l.Open():
		out.Model, out.Arrivals = modelIterations, ""
	case l.Poisson:
		out.Arrivals = "poisson"
	}
	if !l.Open() {
		out.Overflow = ""
	}
	for _, u := range l.VUs {
		out.Users = append(out.Users, usersView{u.Count, policy.Duration(u.Over)})
	}
	total := 0.0
	for i := range l.Mix {
		total += l.Mix[i].Weight
	}
	for i := range l.Mix {
		share := &l.Mix[i]
		sv := shareView{Scenario: share.Name, Weight: share.Weight, Part: round(share.Weight / total), Instances: []string{}}
		for _, sc := range share.Scenarios {
			sv.Instances = append(sv.Instances, v.text(sc.Address))
		}
		out.Mix = append(out.Mix, sv)
	}
	for _, t := range l.Thresholds {
		out.Thresholds = append(out.Thresholds, thresholdView{
			t.Name, v.source(t.Condition), v.source(t.Message), policy.Duration(t.Window), policy.Duration(t.After), t.Abort, t.MinSamples, v.place(t.Source),
		})
	}
	v.forecast(p, l, &out)
	return out
}

func (v *viewer) forecast(p *Plan, l *Load, out *loadView) {
	f, err := p.Forecast(l)
	if err != nil {
		return // a checked plan has no such profile
	}
	out.Duration, out.Iterations, out.PeakRate, out.PeakAt = policy.Duration(f.Duration), f.Arrivals, f.Peak, policy.Duration(f.PeakAt)
	out.MostUsers, out.Requests, out.Messages, out.ByChannel = f.MostUsers, f.Requests, f.Messages, f.ByChannel
	out.EachSends = eachView{round(f.RequestsEach), round(f.MessagesEach)}
	for _, st := range f.Stages {
		out.Stages = append(out.Stages, stageView{
			st.From, st.Rate, policy.Duration(st.Start), policy.Duration(st.Over), st.Arrivals, st.Requests,
		})
	}
	for _, pr := range f.Providers {
		pv := loadProviderView{Name: pr.Name, Requests: pr.Requests, Messages: pr.Messages, PeakRequestsPerSecond: round(pr.Peak), Limits: []boundView{}}
		for _, of := range p.Providers {
			if of.Name == pr.Name {
				pv.limit, pv.atLeast = of.Limits.RequestsPerSecond, of.Limits.AtLeast(int(pr.Requests)).Seconds()
			}
		}
		for _, b := range pr.Bounds {
			bv := boundView{Limit: b.What, Allowed: b.Limit, Asked: round(b.Peak)}
			if b.Holds {
				from := policy.Duration(b.From)
				bv.HoldsFrom = &from
			}
			pv.Limits = append(pv.Limits, bv)
		}
		out.Providers = append(out.Providers, pv)
		out.Exceeded = append(out.Exceeded, pr.Exceeded...)
	}
}

func round(f float64) float64 { return math.Round(f*1000) / 1000 }

func (v *viewer) dataset(d *Dataset) datasetView {
	out := datasetView{
		Name: d.Name, Mode: string(d.Mode), Rows: d.Rows.Len(), Columns: []columnView{}, Cooldown: policy.Duration(d.Cooldown), Source: v.place(d.Source),
	}
	if d.Mode == DatasetUnique {
		out.OnExhausted = string(d.OnExhausted)
	}
	for _, c := range d.Rows.Columns() {
		typ := "any"
		if c.Type != cty.DynamicPseudoType {
			typ = c.Type.FriendlyName()
		}
		out.Columns = append(out.Columns, columnView{c.Name, typ, c.Sensitive})
	}
	return out
}

func (v *viewer) fixture(f *Fixture) fixtureView {
	scope := "run"
	if f.PerUser {
		scope = "vu"
	}
	return fixtureView{scope, v.scenario(f.Flow)}
}
