package emulator

import (
	"slices"
)

// visitMemory is one sign-in of a user.
type visitMemory struct {
	At     int32  `json:"at"` // Unix seconds
	IP     string `json:"ip"`
	Tenant string `json:"tenant"`
}

// auditMemory is one record of the trail.
type auditMemory struct {
	At          int64    `json:"at"` // Unix milliseconds
	Action      string   `json:"action"`
	Method      string   `json:"method"`
	UserID      string   `json:"user_id"`
	Logins      []string `json:"logins,omitzero"`
	Tenant      string   `json:"tenant"`
	Remote      string   `json:"remote"`
	ExternalRID string   `json:"external_rid"`
	App         string   `json:"app"`
	Failure     string   `json:"failure"`
	Purpose     purpose  `json:"purpose"`
}

func exportVisits(visits []visit) []visitMemory {
	out := make([]visitMemory, 0, len(visits))
	for _, v := range visits {
		out = append(out, visitMemory{v.at, v.ip, v.tenant})
	}
	return out
}

// importVisits keeps the newest that a user has room for.
func importVisits(visits []visitMemory) []visit {
	var out []visit
	for _, v := range visits[max(0, len(visits)-visitLimit):] {
		out = append(out, visit{v.At, v.IP, v.Tenant})
	}
	return out
}

func exportAudits(trail *auditTrail) []auditMemory {
	out := make([]auditMemory, 0, len(trail.records))
	for r := range trail.newest {
		out = append(out, auditMemory{
			r.at, r.action, r.method, r.userID, r.logins, r.tenant, r.remote, r.externalRID, r.app, r.failure, r.purpose,
		})
	}
	slices.Reverse(out)
	return out
}

// importAudits keeps the newest that the trail has room for.
func (p *project) importAudits(records []auditMemory) {
	for _, m := range records {
		p.audits.add(auditRecord{
			at: m.At, action: m.Action, method: m.Method, userID: m.UserID, logins: m.Logins, tenant: m.Tenant,
			remote: m.Remote, externalRID: m.ExternalRID, app: m.App, failure: m.Failure, purpose: m.Purpose,
		})
	}
}
