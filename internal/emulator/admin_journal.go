package emulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

// journalRequest is one request as the admin API shows it.
type journalRequest struct {
	Number      uint64         `json:"number"`
	Method      string         `json:"method"`
	Path        string         `json:"path"`
	Lane        string         `json:"lane,omitempty"`
	EnterNS     int64          `json:"enter_ns"` // since the emulator was made
	ExitNS      int64          `json:"exit_ns"`
	ProjectTime time.Time      `json:"project_time"` // of the answer
	Status      int            `json:"status"`       // 0 if there was no answer
	ErrorCode   string         `json:"error_code,omitempty"`
	Fault       string         `json:"fault,omitempty"`
	UserID      string         `json:"user_id,omitempty"`
	Channel     descope.Method `json:"channel,omitempty"`
	Recipient   string         `json:"recipient,omitempty"` // masked
}

type journalDocument struct {
	FormatVersion int    `json:"format_version"`
	Last          uint64 `json:"last"` // the next since
	Lost          uint64 `json:"lost"` // requests after since that are no longer kept
	// Cleared is the number of the newest request that a reset has forgotten.
	Cleared  uint64           `json:"cleared"`
	Requests []journalRequest `json:"requests"`
}

func (a admin) showJournal(w http.ResponseWriter, r *http.Request, p *project) {
	filter, err := filterOf(r.URL.Query())
	if err != nil {
		adminError(w, http.StatusBadRequest, err.Error())
		return
	}
	found, last, cleared, lost := p.journal.since(filter.after)
	found = slices.DeleteFunc(found, func(e journalEntry) bool { return !filter.takes(&e) })
	out := journalDocument{AdminVersion, last, lost, cleared, make([]journalRequest, 0, len(found))}
	for _, e := range found {
		shown := journalRequest{
			e.number, e.verb, e.path, e.lane, e.enter.Nanoseconds(), e.exit.Nanoseconds(), e.at.UTC(),
			e.status, e.code, e.fault, e.userID, e.channel, "",
		}
		if e.recipient != "" {
			hidden := p.masked(e.channel, e.recipient)
			shown.Recipient = hidden.MaskedEmail + hidden.MaskedPhone
		}
		out.Requests = append(out.Requests, shown)
	}
	answer(w, http.StatusOK, out)
}

// verificationReport is one sort of attempts to redeem a link or a code.
type verificationReport struct {
	Proof     string         `json:"proof"`   // link, enchanted_link or code
	Purpose   purpose        `json:"purpose"` // empty if what was shown led to none
	Channel   descope.Method `json:"channel"` // empty if none is known
	Redeemed  bool           `json:"redeemed"`
	ErrorCode string         `json:"error_code,omitempty"` // of the refusal
	Count     uint64         `json:"count"`
}

type verificationDocument struct {
	FormatVersion int                  `json:"format_version"`
	Redeemed      uint64               `json:"redeemed"`
	Refused       uint64               `json:"refused"`
	Verifications []verificationReport `json:"verifications"`
	Requests      *requestCount        `json:"requests,omitempty"` // nil without a query, or if no journal is kept
}

// requestCount tells how many requests of the journal were chosen.
type requestCount struct {
	Count uint64 `json:"count"`
	Last  uint64 `json:"last"` // number of the newest request, the next since
	Lost  uint64 `json:"lost"` // requests after since that are no longer kept, and may be missing in count
}

// showVerifications counts for the whole project, or for one user, of whom is counted
// what led to the user: a link that is unknown leads to nobody. With a query it also counts
// the requests of the journal that it chooses.
func (a admin) showVerifications(w http.ResponseWriter, r *http.Request, p *project) {
	query := r.URL.Query()
	filter, err := filterOf(query)
	if err != nil {
		adminError(w, http.StatusBadRequest, err.Error())
		return
	}
	var counts verificationCounts
	found := true
	_ = p.locked(func(time.Time) error {
		counts = p.verifications
		if id := query.Get("user_id"); id != "" {
			u, ok := p.users.byID[id]
			if found = ok; ok {
				counts = u.verifications
			}
		}
		counts = counts.sorted()
		return nil
	})
	if !found {
		adminError(w, http.StatusNotFound, "no such user")
		return
	}
	out := verificationDocument{AdminVersion, 0, 0, []verificationReport{}, nil}
	if len(query) > 0 {
		out.Requests = p.journal.count(&filter)
	}
	for _, c := range counts {
		redeemed := c.refusal == ""
		if redeemed {
			out.Redeemed += c.times
		} else {
			out.Refused += c.times
		}
		out.Verifications = append(out.Verifications, verificationReport{c.proof, c.purpose, c.channel, redeemed, c.refusal, c.times})
	}
	answer(w, http.StatusOK, out)
}
