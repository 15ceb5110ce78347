package emulator

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/authbench/authbench/internal/policy"
)

// policyDocument is the policy in force. Faults and the terms of deliveries may have been
// changed since; they have routes of their own.
type policyDocument struct {
	FormatVersion int            `json:"format_version"`
	Policy        policy.Project `json:"policy"`
}

// errNoProject says that a project is gone meanwhile.
var errNoProject = errors.New("no such project")

func showPolicy(w http.ResponseWriter, _ *http.Request, p *project) {
	answer(w, http.StatusOK, policyDocument{AdminVersion, *p.policy()})
}

// changePolicy carries out a merge patch on the policy. With an error nothing changes.
func (a admin) changePolicy(w http.ResponseWriter, r *http.Request, p *project) {
	var patch map[string]any
	if !readDocument(w, r, maxBody, &patch) {
		return
	}
	next, err := a.emulator.changePolicy(p, patch)
	switch {
	case errors.Is(err, errNoProject):
		adminError(w, http.StatusNotFound, err.Error())
		return
	case err != nil:
		adminError(w, http.StatusBadRequest, "policy: "+bodyFault(err))
		return
	}
	answer(w, http.StatusOK, policyDocument{AdminVersion, next})
}

// changePolicy gives a project what a merge patch makes of its policy. What is decided from
// then on goes by it; what was issued keeps the terms that it was issued with.
func (e *Emulator) changePolicy(p *project, patch map[string]any) (policy.Project, error) {
	e.creating.Lock() // guards the keys, and one change from another
	defer e.creating.Unlock()
	if there, _ := e.project(p.id); there != p {
		return policy.Project{}, errNoProject
	}
	before := p.settings.Load()
	next, err := before.policy.Patched(patch)
	if err != nil {
		return next, err
	}
	if next.Seed == nil { // which a null in the patch comes to
		next.Seed = before.policy.Seed
	}
	if *next.Seed != p.seed {
		return next, fmt.Errorf("seed: a project keeps the one that it was made with, %d", p.seed)
	}
	if problems := next.Validate(); len(problems) > 0 {
		return next, errors.New(problemTexts(problems))
	}
	if err := p.settle(newSettings(&next, before)); err != nil {
		return next, err
	}
	if next.SigningAlg != before.policy.SigningAlg {
		p.generation++
		p.rotate(e.pool.take(p, next.SigningAlg, fmt.Sprintf("%s/%d", p.lineage, p.generation)), false)
	}
	if !reflect.DeepEqual(next.Faults, before.policy.Faults) {
		p.changing.Lock()
		p.setFaults(next.Faults)
		p.changing.Unlock()
	}
	if !reflect.DeepEqual(next.Delivery, before.policy.Delivery) {
		p.delivery.set(next.Delivery)
	}
	if !reflect.DeepEqual(next.Connectors, before.policy.Connectors) {
		p.delivery.rewire(next.Connectors.GenericSMSGateway)
	}
	p.journal.resize(next.Journal)
	return next, nil
}

// settle puts settings in force. What tenants mean for users does not change under them.
func (p *project) settle(next *settings) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if next.policy.TenantUserIsolation != p.policy().TenantUserIsolation && !p.users.empty() {
		return errors.New("tenant_user_isolation: changes only in a project without users")
	}
	p.settings.Store(next)
	return nil
}
