package emulator

import (
	"net/http"

	"github.com/authbench/authbench/internal/policy"
)

// faultReport is a fault and what it did.
type faultReport struct {
	policy.Fault
	Seen uint64 `json:"seen"` // requests that it matched
	Hits uint64 `json:"hits"` // those that it struck
}

type faultList struct {
	FormatVersion int           `json:"format_version"`
	Faults        []faultReport `json:"faults"`
}

func (a admin) listFaults(w http.ResponseWriter, _ *http.Request, p *project) {
	answer(w, http.StatusOK, p.faultReports())
}

func (p *project) faultReports() faultList {
	out := faultList{AdminVersion, []faultReport{}}
	for _, f := range p.faults.Load().list() {
		f.mu.Lock()
		out.Faults = append(out.Faults, faultReport{f.Fault, f.seen, f.hits})
		f.mu.Unlock()
	}
	return out
}

// addFault puts one more fault behind the others.
func (a admin) addFault(w http.ResponseWriter, r *http.Request, p *project) {
	var in policy.Fault
	if !readDocument(w, r, maxBody, &in) {
		return
	}
	problems, taken := p.addFault(in)
	switch {
	case taken:
		adminError(w, http.StatusConflict, "a fault of this name exists already")
	case len(problems) > 0:
		adminError(w, http.StatusBadRequest, problemTexts(problems))
	default:
		answer(w, http.StatusCreated, p.faultReports())
	}
}

// putFault carries out the fault of the path, which the body names likewise or not at all.
func (a admin) putFault(w http.ResponseWriter, r *http.Request, p *project) {
	in := policy.Fault{Name: r.PathValue("fault")}
	if !readDocument(w, r, maxBody, &in) {
		return
	}
	if in.Name != r.PathValue("fault") {
		adminError(w, http.StatusBadRequest, "body: the name is another than that of the path")
		return
	}
	if problems := p.putFault(in); len(problems) > 0 {
		adminError(w, http.StatusBadRequest, problemTexts(problems))
		return
	}
	answer(w, http.StatusOK, p.faultReports())
}

func (a admin) dropFaults(w http.ResponseWriter, _ *http.Request, p *project) {
	p.dropFaults(func(*fault) bool { return true })
	w.WriteHeader(http.StatusNoContent)
}

func (a admin) dropFault(w http.ResponseWriter, r *http.Request, p *project) {
	if p.dropFaults(func(f *fault) bool { return f.Name == r.PathValue("fault") }) == 0 {
		adminError(w, http.StatusNotFound, "no such fault")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
