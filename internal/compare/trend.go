package compare

import "github.com/authbench/authbench/internal/stats"

// Row is one quantity of one subject over several runs.
type Row struct {
	Subject
	Quantity Quantity
	// Values are one for each run, in the order they were given; Samples is 0 where a
	// run has none.
	Values []Estimate
	// Change and Verdict are of the last run beside the first.
	Change  float64
	Verdict Verdict
}

// Trend follows every subject of the first run through all of them.
func Trend(loads []*stats.Load, o Options) []Row {
	if len(loads) == 0 {
		return nil
	}
	first := append([]Subject{whole()}, subjects(loads[0])...)
	z := normal(1 - (1-o.confidence())/2/float64(max(1, lines(first))))
	all := make([]*samples, len(loads))
	for i, l := range loads {
		all[i] = newSamples(l)
	}
	var out []Row
	for _, s := range first {
		estimates := make([]map[Quantity]Estimate, len(all))
		for i := range all {
			estimates[i] = all[i].estimates(s, z)
		}
		for _, q := range quantities(s) {
			row := Row{Subject: s, Quantity: q}
			for i := range estimates {
				row.Values = append(row.Values, estimates[i][q])
			}
			l := line(s, q, row.Values[0], row.Values[len(row.Values)-1], o.tolerance(q))
			row.Change, row.Verdict = l.Change, l.Verdict
			out = append(out, row)
		}
	}
	return out
}
