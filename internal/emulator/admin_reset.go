package emulator

import (
	"net/http"

	"github.com/authbench/authbench/internal/policy"
)

type resetDocument struct {
	FormatVersion int    `json:"format_version"`
	ProjectID     string `json:"project_id"`
}

func (a admin) resetProject(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("project")
	switch known, err := a.emulator.ResetProject(id); {
	case err != nil:
		adminError(w, http.StatusInternalServerError, err.Error())
	case !known:
		adminError(w, http.StatusNotFound, "no such project")
	default:
		answer(w, http.StatusOK, resetDocument{AdminVersion, id})
	}
}

// policyDocument is the policy as the project was made with it. Faults and the terms of
// deliveries may have been changed since; they have routes of their own.
type policyDocument struct {
	FormatVersion int            `json:"format_version"`
	Policy        policy.Project `json:"policy"`
}

func showPolicy(w http.ResponseWriter, _ *http.Request, p *project) {
	answer(w, http.StatusOK, policyDocument{AdminVersion, p.policy})
}
