package emulator

import "net/http"

// keysDocument tells which keys are published.
type keysDocument struct {
	FormatVersion int      `json:"format_version"`
	KeyIDs        []string `json:"key_ids"` // the one that signs first
}

func (a admin) rotateKeys(w http.ResponseWriter, r *http.Request, p *project) {
	revoke := r.URL.Query().Get("revoke")
	if revoke != "" && revoke != "true" && revoke != "false" {
		adminError(w, http.StatusBadRequest, "revoke is neither true nor false")
		return
	}
	if !a.emulator.RotateKeys(p.id, revoke == "true") {
		adminError(w, http.StatusNotFound, "no such project")
		return
	}
	set, err := publicSet(p.keys.Load().keys)
	if err != nil {
		adminError(w, http.StatusInternalServerError, err.Error())
		return
	}
	out := keysDocument{AdminVersion, []string{}}
	for _, k := range set.Keys {
		out.KeyIDs = append(out.KeyIDs, k.KeyID)
	}
	answer(w, http.StatusOK, out)
}
