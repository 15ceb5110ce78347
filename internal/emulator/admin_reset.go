package emulator

import "net/http"

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
