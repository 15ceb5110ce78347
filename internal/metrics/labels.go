package metrics

import (
	"slices"
	"strconv"

	"github.com/authbench/authbench/internal/result"
)

const other = "other"

// labels holds the sets that label values are taken from.
type labels struct {
	channels, tokenKinds, errorCodes set
	reasons, tokenFaults             set
	createsUser, deletesUser         set
}

type set map[string]struct{}

func newSet[T ~string](values []T) set {
	out := make(set, len(values))
	for _, v := range values {
		out[string(v)] = struct{}{}
	}
	return out
}

func newLabels(o Options) labels {
	return labels{
		channels:    newSet([]string{"sms", "email", "whatsapp", "voice", "test_user", "embedded"}),
		tokenKinds:  newSet([]string{"session", "refresh"}),
		errorCodes:  newSet(o.ErrorCodes),
		reasons:     newSet(result.Reasons()),
		tokenFaults: newSet(result.TokenFaults()),
		createsUser: newSet(o.CreatesUser),
		deletesUser: newSet(o.DeletesUser),
	}
}

func (s set) has(value string) bool { _, ok := s[value]; return ok }

// of gives value if it is in the set, else "other".
func (s set) of(value string) string {
	if s.has(value) {
		return value
	}
	return other
}

// statusLabel is the status, 0 when no answer came. Servers can answer with any three
// digits; those that mean nothing are not told apart.
func statusLabel(status int) string {
	if status == 0 || status >= 100 && status < 600 {
		return strconv.Itoa(status)
	}
	return other
}

// deliveryResult is one of the known results.
func deliveryResult(r result.DeliveryResult) string {
	known := []result.DeliveryResult{
		result.Delivered, result.DeliveryLate, result.DeliveryLost, result.DeliveryMalformed, result.DeliveryError,
	}
	if slices.Contains(known, r) {
		return string(r)
	}
	return string(result.DeliveryError)
}
