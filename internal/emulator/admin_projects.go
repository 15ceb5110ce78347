package emulator

import (
	"errors"
	"net/http"

	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// createRequest makes a project, and with a state goes on where the one stood that the
// state was exported of. What is left out has its default.
type createRequest struct {
	FormatVersion     int            `json:"format_version"` // 0 is that of this API
	ManagementKey     string         `json:"management_key"`
	AuthManagementKey string         `json:"auth_management_key"`
	Policy            policy.Project `json:"policy"`
	State             *projectState  `json:"state,omitempty"`
}

type createAnswer struct {
	FormatVersion     int    `json:"format_version"`
	ProjectID         string `json:"project_id"`
	Seed              uint64 `json:"seed"` // of the policy, or made of the emulator's
	ManagementKey     string `json:"management_key"`
	AuthManagementKey string `json:"auth_management_key"`
}

// maxImport bounds the document of a whole project, in bytes.
const maxImport = 256 << 20

// exportProject shows all there is of a project, its secrets too: the body of a PUT that
// makes the same project again.
func (a admin) exportProject(w http.ResponseWriter, _ *http.Request, p *project) {
	a.emulator.creating.Lock() // which keeps the keys and the policy
	state, err := p.export()
	inForce := p.policy().Revealed()
	a.emulator.creating.Unlock()
	if err != nil {
		adminError(w, http.StatusInternalServerError, err.Error())
		return
	}
	answer(w, http.StatusOK, createRequest{
		AdminVersion, p.managementKey.Reveal(), p.authKey.Reveal(), inForce, state,
	})
}

// createProject makes a project; one that exists is refused, never changed.
// Settings that the body leaves out have their default.
func (a admin) createProject(w http.ResponseWriter, r *http.Request) {
	in := createRequest{Policy: policy.Default()}
	if !readDocument(w, r, maxImport, &in) {
		return
	}
	if in.FormatVersion != 0 && in.FormatVersion != AdminVersion {
		adminError(w, http.StatusBadRequest, "body: the format_version is unknown")
		return
	}
	made, err := a.emulator.create(
		r.PathValue("project"), secret.New(in.ManagementKey), secret.New(in.AuthManagementKey), in.Policy, in.State)
	switch {
	case errors.Is(err, ErrProjectExists):
		adminError(w, http.StatusConflict, err.Error())
	case err != nil:
		adminError(w, http.StatusBadRequest, err.Error())
	default:
		answer(w, http.StatusCreated, createAnswer{
			AdminVersion, made.ID, made.Seed, made.ManagementKey.Reveal(), made.AuthManagementKey.Reveal(),
		})
	}
}

func (a admin) dropProject(w http.ResponseWriter, r *http.Request) {
	if !a.emulator.DropProject(r.PathValue("project")) {
		adminError(w, http.StatusNotFound, "no such project")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
