package emulator

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/authbench/authbench/internal/contact"
)

// journalFilter chooses requests of a journal.
type journalFilter struct {
	after     uint64            // number; those behind it
	path      string            // whole or with a * at its end; empty for any
	status    int               // -1 for any; 0 for those without an answer
	recipient string            // empty for any
	equal     map[string]string // facts by name
}

// filterParameters is what a query may hold to choose requests.
func filterParameters() []adminParameter {
	return []adminParameter{
		{"since", "number of the request behind which the requests begin"},
		{"method", "HTTP method"},
		{"path", "path, whole or as a beginning with * at its end"},
		{"status", "status of the answer; 0 if there was none"},
		{"error_code", "error code of the answer"},
		{"user_id", "user whom the request was about"},
		{"recipient", "address that the request sent to"},
		{"channel", "channel of the path"},
		{"fault", "name of the fault that struck"},
		{"lane", "header X-Authbench-Lane"},
	}
}

// filterOf reads a query. What it does not know is an error: a count of all would be taken
// for one of some.
func filterOf(query url.Values) (journalFilter, error) {
	f := journalFilter{status: -1, equal: map[string]string{}}
	known := filterParameters()
	for name := range query {
		if !slices.ContainsFunc(known, func(p adminParameter) bool { return p.name == name }) {
			return f, fmt.Errorf("no parameter has the name %q", name)
		}
	}
	if text := query.Get("since"); text != "" {
		var err error
		if f.after, err = strconv.ParseUint(text, 10, 64); err != nil {
			return f, errors.New("since is not the number of a request")
		}
	}
	if text := query.Get("status"); text != "" {
		n, err := strconv.ParseUint(text, 10, 10)
		if err != nil {
			return f, errors.New("status is not that of an answer")
		}
		f.status = int(n)
	}
	for _, name := range []string{"method", "error_code", "user_id", "channel", "fault", "lane"} {
		if query.Has(name) {
			f.equal[name] = query.Get(name)
		}
	}
	f.path = query.Get("path")
	f.recipient = contact.Login(plusOf(query.Get("recipient")))
	return f, nil
}

// takes reports whether an entry is chosen.
func (f *journalFilter) takes(e *journalEntry) bool {
	if f.status >= 0 && e.status != f.status || f.recipient != "" && e.recipient != f.recipient || !f.leads(e.path) {
		return false
	}
	for name, want := range f.equal {
		if e.fact(name) != want {
			return false
		}
	}
	return true
}

func (f *journalFilter) leads(path string) bool {
	if start, open := strings.CutSuffix(f.path, "*"); open {
		return strings.HasPrefix(path, start)
	}
	return f.path == "" || f.path == path
}

// fact is a part of an entry by the name that a query has for it.
func (e *journalEntry) fact(name string) string {
	switch name {
	case "method":
		return e.verb
	case "error_code":
		return e.code
	case "user_id":
		return e.userID
	case "channel":
		return string(e.channel)
	case "fault":
		return e.fault
	default:
		return e.lane
	}
}
