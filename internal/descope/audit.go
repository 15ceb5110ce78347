package descope

// The actions of the audit trail that are emulated.
const (
	ActionLoginStarted = "LoginStarted"
	ActionLoginSucceed = "LoginSucceed"
	ActionLoginFailed  = "LoginFailed"

	ActionLoginStartedFailed = "LoginStartedFailed" // what would have started it was refused

	ActionUserCreated   = "UserCreated"
	ActionUsersCreated  = "UsersCreated" // by a batch, for each of its users
	ActionUserModified  = "UserModified"
	ActionUsersModified = "UsersModified"
	ActionUserDeleted   = "UserDeleted"
	ActionUsersDeleted  = "UsersDeleted"
)

// ExternalIDHeader carries the client's own ID of a request, which the audit trail keeps.
// It is in canonical form.
const ExternalIDHeader = "X-External-Rid"

// ProjectHeader carries the project ID once more, beside the bearer. SDKs send it.
const ProjectHeader = "X-Descope-Project-Id"

// AuditSearchRequest filters the audit trail. Filters add up; an empty one admits all.
type AuditSearchRequest struct {
	UserIDs         []string `json:"userIds,omitempty"`
	Actions         []string `json:"actions,omitempty"`
	ExcludedActions []string `json:"excludedActions,omitempty"`
	Devices         []string `json:"devices,omitempty"`
	Methods         []string `json:"methods,omitempty"`
	Geos            []string `json:"geos,omitempty"`
	RemoteAddresses []string `json:"remoteAddresses,omitempty"`
	ExternalIDs     []string `json:"externalIds,omitempty"` // login IDs
	LoginIDs        []string `json:"loginIds,omitempty"`    // as SDKs call them
	Tenants         []string `json:"tenants,omitempty"`
	NoTenants       bool     `json:"noTenants,omitempty"`
	Text            string   `json:"text,omitempty"`
	From            Int64    `json:"from,omitempty"` // Unix milliseconds; none below 1
	To              Int64    `json:"to,omitempty"`   // Unix milliseconds; none below 1
	Limit           int32    `json:"limit,omitempty"`
	Page            int32    `json:"page,omitempty"` // from 0
}

// AuditSearchResponse is a part of the audit trail, the newest first.
type AuditSearchResponse struct {
	Audits []AuditRecord `json:"audits"`
	Total  int32         `json:"total"`
}

// AuditRecord is one event. The emulator knows no devices and no places.
type AuditRecord struct {
	ProjectID     string         `json:"projectId"`
	UserID        string         `json:"userId"`
	Action        string         `json:"action"`
	Type          string         `json:"type"`            // info or warn
	Occurred      int64          `json:"occurred,string"` // Unix milliseconds
	Device        string         `json:"device"`
	Method        string         `json:"method"`
	Geo           string         `json:"geo"`
	RemoteAddress string         `json:"remoteAddress"`
	ExternalIDs   []string       `json:"externalIds"` // login IDs
	Tenants       []string       `json:"tenants"`
	Data          map[string]any `json:"data"`
}
