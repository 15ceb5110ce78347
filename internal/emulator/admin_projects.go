package emulator

import (
	"errors"
	"net/http"

	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

type createRequest struct {
	ManagementKey string         `json:"management_key"`
	Policy        policy.Project `json:"policy"`
}

type createAnswer struct {
	FormatVersion     int    `json:"format_version"`
	ProjectID         string `json:"project_id"`
	ManagementKey     string `json:"management_key"`
	AuthManagementKey string `json:"auth_management_key"`
}

// createProject makes a project; one that exists is refused, never changed.
// Settings that the body leaves out have their default.
func (a admin) createProject(w http.ResponseWriter, r *http.Request) {
	in := createRequest{Policy: policy.Default()}
	if !readDocument(w, r, maxBody, &in) {
		return
	}
	made, err := a.emulator.CreateProject(r.PathValue("project"), secret.New(in.ManagementKey), in.Policy)
	switch {
	case errors.Is(err, ErrProjectExists):
		adminError(w, http.StatusConflict, err.Error())
	case err != nil:
		adminError(w, http.StatusBadRequest, err.Error())
	default:
		answer(w, http.StatusCreated, createAnswer{
			AdminVersion, made.ID, made.ManagementKey.Reveal(), made.AuthManagementKey.Reveal(),
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
