package descope

import (
	"slices"
	"strings"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

// classOf gives the class of a verb's requests.
func (v verb) classOf() string {
	switch {
	case v.class != "":
		return v.class
	case v.credential == management:
		return steps.ClassManagement
	case v.sends != nil:
		return steps.ClassSend
	}
	return steps.ClassSession
}

// identifiers are the arguments that say whom a request is for. A message to a new
// number or address is for that one: what a service bounds is what somebody receives.
func (v verb) identifiers(args []steps.Arg) []string {
	var out []string
	for _, name := range []string{"phone", "email", "login_id", "user_id"} {
		i := slices.IndexFunc(args, func(a steps.Arg) bool { return a.Name == name })
		recipient := name == "phone" || name == "email"
		if i >= 0 && (!recipient || v.sends != nil && args[i].Required) {
			out = append(out, name)
		}
	}
	return out
}

// vendorLimit tells the published limit of the vendor's service on a path.
func vendorLimit(path string) string {
	switch {
	case path == api.PathUserCreate:
		return " The vendor's service allows 100 such requests in 60 s."
	case path == api.PathUserSearch:
		return " The vendor's service allows 200 such requests in 60 s."
	case strings.HasPrefix(path, "/v1/mgmt/user"):
		return " The vendor's service allows 500 requests for users in 60 s."
	case strings.HasPrefix(path, "/v1/auth/"):
		return " The vendor's service allows 100 requests of this sort in 60 s from an address."
	}
	return ""
}
