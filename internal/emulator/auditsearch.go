package emulator

import (
	"slices"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/contact"
	"github.com/authbench/authbench/internal/descope"
)

func (c *call) searchAudits() (any, error) {
	var in descope.AuditSearchRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	limit := int(in.Limit)
	if limit == 0 {
		limit = maxSearchLimit
	}
	if limit < 0 || limit > maxSearchLimit || in.Page < 0 {
		return nil, refuse(descope.InvalidArgument, "The limit or the page is out of bounds")
	}
	first := int(in.Page) * limit
	out := descope.AuditSearchResponse{Audits: []descope.AuditRecord{}}
	return &out, c.project.locked(func(time.Time) error {
		for r := range c.project.audits.newest {
			if !r.matches(&in) {
				continue
			}
			if n := int(out.Total); n >= first && n < first+limit {
				out.Audits = append(out.Audits, r.document(c.project.id))
			}
			out.Total++
		}
		return nil
	})
}

func (r *auditRecord) matches(in *descope.AuditSearchRequest) bool {
	among := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	named := func(s string) bool { return slices.Contains(r.logins, contact.Login(s)) }
	logins := append(slices.Clone(in.ExternalIDs), in.LoginIDs...)
	return among(in.UserIDs, r.userID) && among(in.Actions, r.action) && !slices.Contains(in.ExcludedActions, r.action) &&
		among(in.Devices, "") && among(in.Methods, r.method) && among(in.Geos, "") && among(in.RemoteAddresses, r.remote) &&
		(len(logins) == 0 || slices.ContainsFunc(logins, named)) && among(in.Tenants, r.tenant) && (!in.NoTenants || r.tenant == "") &&
		(in.From <= 0 || r.at >= int64(in.From)) && (in.To <= 0 || r.at <= int64(in.To)) && r.holds(in.Text)
}

func (r *auditRecord) holds(text string) bool {
	if text == "" {
		return true
	}
	text = strings.ToLower(text)
	in := append([]string{r.userID, r.action, r.method, r.remote, r.externalRID, r.tenant, r.app, r.failure}, r.logins...)
	return slices.ContainsFunc(in, func(s string) bool { return strings.Contains(strings.ToLower(s), text) })
}

func (r *auditRecord) document(project string) descope.AuditRecord {
	out := descope.AuditRecord{
		ProjectID: project, UserID: r.userID, Action: r.action, Type: "info", Occurred: r.at, Method: r.method,
		RemoteAddress: r.remote, ExternalIDs: list(r.logins), Tenants: []string{}, Data: map[string]any{},
	}
	if r.tenant != "" {
		out.Tenants = append(out.Tenants, r.tenant)
	}
	if r.failure != "" {
		out.Type, out.Data["error_message"] = "warn", r.failure
	}
	for name, value := range map[string]string{"externalRequestId": r.externalRID, "ssoAppId": r.app, "purpose": string(r.purpose)} {
		if value != "" {
			out.Data[name] = value
		}
	}
	return out
}
