package policy

// Where a message that a carrier rejects is seen.
const (
	// RejectAtDelivery takes the send and leaves the message undelivered.
	RejectAtDelivery = "delivery"
	// RejectAtSend refuses the request that would send the message.
	RejectAtSend = "send"
)

// Why a carrier rejects messages.
const (
	RejectInvalid       = "invalid"         // no such number
	RejectCannotRoute   = "cannot_route"    // no way leads to the number
	RejectNoGeo         = "no_geo"          // the account may not send to the country
	RejectBlocked       = "blocked"         // the number refused messages of the sender
	RejectNotSMSCapable = "not_sms_capable" // a landline: it takes voice calls alone
)

// Rejections lists the reasons.
func Rejections() []string {
	return []string{RejectInvalid, RejectCannotRoute, RejectNoGeo, RejectBlocked, RejectNotSMSCapable}
}

// Distributions of a latency.
const (
	Fixed     = "fixed"     // always value
	Uniform   = "uniform"   // between min and max
	Normal    = "normal"    // mean and stddev
	Lognormal = "lognormal" // median, and sigma, the standard deviation of the logarithm
)

// Distributions lists them.
func Distributions() []string { return []string{Fixed, Uniform, Normal, Lognormal} }

// Delivery is how messages travel. The zero value is not valid; start from
// DefaultDelivery. It may be copied; Carriers is shared by copies and must not be
// changed.
type Delivery struct {
	Latency   Latency `json:"latency"`
	Loss      float64 `json:"loss"`      // probability that a message never arrives
	Duplicate float64 `json:"duplicate"` // probability that one arrives twice, each in its time
	// Reorder is the probability that a message is overtaken: it arrives right behind
	// the next one to its recipient, or ReorderWithin later than it would if none comes.
	Reorder       float64   `json:"reorder"`
	ReorderWithin Duration  `json:"reorder_within"`
	RejectAt      string    `json:"reject_at"` // RejectAtDelivery or RejectAtSend
	Carriers      []Carrier `json:"carrier"`
}

// Latency is a distribution of the time from the send to the arrival. Min and Max
// bound what it gives; a Max of 0 is MaxLatency. What a distribution does not name
// is 0.
type Latency struct {
	Distribution string   `json:"distribution"`
	Value        Duration `json:"value,omitzero"`
	Mean         Duration `json:"mean,omitzero"`
	Stddev       Duration `json:"stddev,omitzero"`
	Median       Duration `json:"median,omitzero"`
	Sigma        float64  `json:"sigma,omitzero"`
	Min          Duration `json:"min,omitzero"`
	Max          Duration `json:"max,omitzero"`
}

// Carrier is what holds for numbers that begin with a prefix instead. The longest
// prefix of a number counts. What is nil or empty is as for all.
type Carrier struct {
	Prefix    string   `json:"prefix"`           // a plus sign and digits
	Reject    string   `json:"reject,omitempty"` // one of Rejections; empty takes messages
	Latency   *Latency `json:"latency,omitempty"`
	Loss      *float64 `json:"loss,omitempty"`
	Duplicate *float64 `json:"duplicate,omitempty"`
	Reorder   *float64 `json:"reorder,omitempty"`
}

// DefaultDelivery brings every message at once.
func DefaultDelivery() Delivery {
	return Delivery{
		Latency:       Latency{Distribution: Fixed},
		ReorderWithin: Duration(defaultReorderWithin),
		RejectAt:      RejectAtDelivery,
		Carriers:      []Carrier{},
	}
}
