package arch_test

// A room is a package and what it may import of ours. Imports point down: a package
// may import rooms of lower floors only, and of those only the ones that are named.
type room struct {
	floor   int
	path    string
	imports []string
}

// rooms lists every package of the module, the top floor first. Paths are relative to
// internal/, but for those that begin with a slash.
func rooms() []room {
	return []room{
		{7, "/cmd/authbench", []string{"cli"}},
		{6, "cli", []string{
			"target", "runner", "lang", "report", "emulator", "emulator/desk", "steps/descope", "steps/emulator", "steps/generic", "plan",
			"metrics", "page", "runfile", "compare", "steps", "stats", "result", "pace", "host", "policy", "diag", "secret", "/scenarios",
		}},
		{5, "page", []string{"report", "stats", "site"}},
		{5, "target", []string{
			"runner", "lang", "emulator", "capture/emulator", "plan", "steps", "client",
			"eval", "result", "capture", "policy", "diag", "secret",
		}},
		{4, "runner", []string{"plan", "steps", "client", "eval", "result", "capture", "pace", "contact", "diag", "secret"}},
		{4, "lang", []string{"plan", "steps", "eval", "result", "policy", "diag", "secret"}},
		{4, "report", []string{"compare", "stats", "result", "chart", "hist", "diag"}},
		{4, "emulator", []string{"emulator/desk", "policy", "descope", "contact", "clock", "sms", "secret"}},
		{3, "steps/descope", []string{"steps", "client", "eval", "result", "descope", "jsondoc", "secret"}},
		{3, "steps/emulator", []string{"steps", "client", "result", "policy"}},
		{3, "steps/generic", []string{"steps", "client", "eval", "result", "capture", "jsondoc"}},
		{3, "steps/stepstest", []string{"steps", "client", "eval", "result", "capture"}},
		{3, "emulator/desk", []string{"site", "secret"}},
		{3, "capture/emulator", []string{"client", "capture", "contact", "jsondoc", "secret"}},
		{3, "capture/capturetest", []string{"capture"}},
		{3, "plan", []string{"steps", "eval", "result", "pace", "policy", "diag", "secret"}},
		{3, "compare", []string{"stats", "hist", "result"}},
		{3, "runfile", []string{"stats", "hist", "result"}},
		{3, "stats/statstest", []string{"stats", "hist", "result", "diag"}},
		{3, "metrics", []string{"stats", "result", "hist"}},
		{2, "steps", []string{"client", "eval", "result", "capture", "jsondoc"}},
		{2, "stats", []string{"eval", "result", "diag", "hist", "host"}},
		{1, "client", nil},
		{1, "eval", []string{"diag", "secret"}},
		{1, "result", []string{"diag"}},
		{1, "capture", nil},
		{1, "policy", []string{"contact", "secret"}},
		{0, "pace", nil},
		{0, "chart", nil},
		{0, "hist", nil},
		{0, "jsondoc", nil},
		{0, "host", nil},
		{0, "sms", nil},
		{0, "descope", nil},
		{0, "contact", nil},
		{0, "clock", nil},
		{0, "site", nil},
		{0, "diag", nil},
		{0, "secret", nil},
		{0, "emulator/desk/desktest", nil},
		{0, "arch", nil},
		{0, "/scenarios", nil},
	}
}

// A tenant is a module of somebody else and the rooms that may import it. One that is
// not listed may be imported nowhere; docs/decisions tells why each is here.
type tenant struct {
	module string
	rooms  []string
}

func tenants() []tenant {
	return []tenant{
		{"github.com/agext/levenshtein", []string{"lang", "steps/descope"}},
		{"github.com/go-jose/go-jose/v4", []string{"emulator", "steps/descope"}},
		{"github.com/google/uuid", []string{"cli", "eval"}},
		{"github.com/hashicorp/go-version", []string{"lang"}},
		{"github.com/hashicorp/hcl/v2", []string{"lang", "eval"}},
		{"github.com/klauspost/compress", []string{"metrics"}},
		{"github.com/prometheus/client_golang", []string{"metrics"}},
		{"github.com/prometheus/client_model", []string{"metrics"}},
		{"github.com/prometheus/common", []string{"metrics"}},
		{"github.com/rogpeppe/go-internal", []string{"cli"}},
		{"github.com/spf13/cobra", []string{"cli"}},
		{"github.com/spf13/pflag", []string{"cli"}},
		{"github.com/zclconf/go-cty", []string{
			"lang", "eval", "plan", "stats", "steps", "steps/descope", "steps/emulator", "steps/generic", "steps/stepstest", "runner", "target",
		}},
		{"golang.org/x/sys", []string{"cli", "runner"}},
		{"golang.org/x/term", []string{"cli"}},
		{"golang.org/x/text", []string{"diag"}},
		{"golang.org/x/time", []string{"runner"}},
		{"google.golang.org/protobuf", []string{"metrics"}},
	}
}
