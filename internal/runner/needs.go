package runner

import "github.com/authbench/authbench/internal/plan"

// needs makes the datasets and fixtures of a load, each of them once.
type needs struct {
	load     *load
	datasets map[*plan.Dataset]*dataset
	fixtures map[*plan.Fixture]*fixture
}

func newNeeds(l *load) needs {
	return needs{load: l, datasets: map[*plan.Dataset]*dataset{}, fixtures: map[*plan.Fixture]*fixture{}}
}

func (n needs) dataset(p *plan.Dataset) *dataset {
	if n.datasets[p] == nil {
		n.datasets[p] = newDataset(p, n.load.opts.Seed)
	}
	return n.datasets[p]
}

// equip gives a share the fixtures that its scenario needs.
func (n needs) equip(s *share, p *plan.Plan) error {
	for _, fx := range s.program.Fixtures {
		if n.fixtures[fx] == nil {
			made, err := n.load.newFixture(p, fx)
			if err != nil {
				return err
			}
			n.fixtures[fx] = made
			n.load.fixtures = append(n.load.fixtures, made)
		}
		s.fixtures = append(s.fixtures, n.fixtures[fx])
	}
	return nil
}

// rank is the place of an instance among all that get rows of a dataset: a round takes
// one row for each of them.
type rank struct{ place, of uint64 }

// rankOf finds the rank of the instance at this place of a plan.
func rankOf(p *plan.Plan, d *plan.Dataset, place int) rank {
	users := p.Users(d)
	r := rank{of: uint64(len(users))}
	for _, u := range users {
		if u < place {
			r.place++
		}
	}
	return r
}

// ranked gives an arrival as a dataset of the share sees it.
func (s *share) ranked(i int, d due) due {
	if s.ranks != nil {
		d.order = d.order*s.ranks[i].of + s.ranks[i].place
	}
	return d
}
