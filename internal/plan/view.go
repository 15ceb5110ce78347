package plan

import (
	"encoding/json"

	"github.com/authbench/authbench/internal/policy"
)

// FormatVersion is the version of the JSON document of plans.
const FormatVersion = "1.0"

// The views are a plan as both printers show it: plain data without secrets.

type suiteView struct {
	Suite     string         `json:"suite"`
	Providers []providerView `json:"providers"`
	Inboxes   []inboxView    `json:"inboxes"`
	Datasets  []datasetView  `json:"datasets"`
	Fixtures  []fixtureView  `json:"fixtures"`
	Scenarios []scenarioView `json:"scenarios"`
	Loads     []loadView     `json:"loads"`
	Totals    Totals         `json:"totals"`
}

type providerView struct {
	Name      string          `json:"name"`
	Type      string          `json:"type"`
	BaseURL   string          `json:"base_url"`
	Arguments []argView       `json:"arguments"`
	Limits    limitsView      `json:"limits"`
	HTTP      httpView        `json:"http"`
	TLS       tlsView         `json:"tls"`
	Emulator  *policy.Project `json:"emulator"`
	Source    string          `json:"source"`
}

type limitsView struct {
	Declared            bool    `json:"declared"`
	RequestsPerSecond   float64 `json:"requests_per_second"`
	Burst               int     `json:"burst"`
	MaxRequestsInFlight int     `json:"max_requests_in_flight"`
	MaxMessages         int     `json:"max_messages"`
	On429               string  `json:"on_429"`
	// Classes and Identifiers are the limits of a part of the requests.
	Classes     []classLimitView      `json:"classes"`
	Identifiers []identifierLimitView `json:"identifiers"`
}

type classLimitView struct {
	Class             string  `json:"class"`
	RequestsPerSecond float64 `json:"requests_per_second"`
	Burst             int     `json:"burst"`
}

type identifierLimitView struct {
	Class    string          `json:"class"`
	Requests int             `json:"requests"`
	Every    policy.Duration `json:"every"`
}

type httpView struct {
	KeepAlive      string          `json:"keep_alive"`
	Proxy          bool            `json:"proxy"`
	LocalAddresses []string        `json:"local_addresses"`
	MaxBody        int64           `json:"max_body"`
	ConnectTimeout policy.Duration `json:"connect_timeout"`
}

type tlsView struct {
	CA         bool   `json:"ca"`
	ClientCert bool   `json:"client_certificate"`
	ServerName string `json:"server_name"`
}

type inboxView struct {
	Name     string `json:"name"`
	Driver   string `json:"driver"`
	Provider string `json:"provider"`
	URL      string `json:"url"`
	Source   string `json:"source"`
}

type scenarioView struct {
	Address     string          `json:"address"`
	Name        string          `json:"name"`
	Key         *string         `json:"key"`
	Description string          `json:"description"`
	Tags        []string        `json:"tags"`
	Targets     []string        `json:"targets"`
	Timeout     policy.Duration `json:"timeout"`
	Serial      string          `json:"serial"`
	Locals      []exprView      `json:"locals"`
	Steps       []stepView      `json:"steps"`
	Outputs     []outputView    `json:"outputs"`
	Source      string          `json:"source"`
	// Fallbacks are told to people alone: they say something of this version of the
	// program, not of the plan.
	Fallbacks []fallbackView `json:"-"`
}

type exprView struct {
	Name       string `json:"name"`
	Expression string `json:"expression"`
}

type outputView struct {
	Name       string `json:"name"`
	Expression string `json:"expression"`
	Sensitive  bool   `json:"sensitive"`
}

type stepView struct {
	// Number counts the steps of the scenario from 1.
	Number      int         `json:"number"`
	Address     string      `json:"address"`
	Section     string      `json:"section"`
	Kind        string      `json:"kind"`
	Name        string      `json:"name"`
	Key         *string     `json:"key"`
	Description string      `json:"description"`
	Provider    string      `json:"provider"`
	Inbox       string      `json:"inbox"`
	After       string      `json:"after"`
	Requests    []routeView `json:"requests"`
	// Sends is the channel of the message that the step makes the target send.
	Sends             string          `json:"sends"`
	When              string          `json:"when"`
	Skipped           bool            `json:"skipped"`
	Arguments         []argView       `json:"arguments"`
	Timeout           policy.Duration `json:"timeout"`
	ContinueOnFailure bool            `json:"continue_on_failure"`
	Expect            *expectView     `json:"expect"`
	Asserts           []assertView    `json:"asserts"`
	Retry             *retryView      `json:"retry"`
	Poll              *pollView       `json:"poll"`
	Needs             []string        `json:"needs"`
	Source            string          `json:"source"`
}

type routeView struct {
	Method string `json:"method"`
	Path   string `json:"path"`
}

// The states of an argument.
const (
	stateKnown     = "known"
	stateUnknown   = "unknown"
	stateSensitive = "sensitive"
)

type argView struct {
	Name string `json:"name"`
	// State is known, unknown or sensitive. Value is null unless it is known.
	State string          `json:"state"`
	Value json.RawMessage `json:"value"`
	// Expression is the source, empty for a default and for what is sensitive.
	Expression string `json:"expression"`
	// KnownAfter are the steps whose results it needs.
	KnownAfter []string `json:"known_after"`
	Default    bool     `json:"default"`
}

type expectView struct {
	Status     string          `json:"status"`
	ErrorCode  string          `json:"error_code"`
	MaxLatency policy.Duration `json:"max_latency"`
	Refusal    bool            `json:"refusal"`
}

type assertView struct {
	Condition    string `json:"condition"`
	ErrorMessage string `json:"error_message"`
	Source       string `json:"source"`
}

type retryView struct {
	Attempts int             `json:"attempts"`
	On       []string        `json:"on"`
	MinDelay policy.Duration `json:"min_delay"`
	MaxDelay policy.Duration `json:"max_delay"`
}

type pollView struct {
	Until    string          `json:"until"`
	Interval policy.Duration `json:"interval"`
	Timeout  policy.Duration `json:"timeout"`
}
