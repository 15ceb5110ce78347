package policy

import "slices"

// DeliveryChange is what changes of a Delivery. What is nil stays. A carrier takes the
// place of that of its prefix, and the others stay.
type DeliveryChange struct {
	Latency       *Latency  `json:"latency,omitempty"`
	Loss          *float64  `json:"loss,omitempty"`
	Duplicate     *float64  `json:"duplicate,omitempty"`
	Reorder       *float64  `json:"reorder,omitempty"`
	ReorderWithin *Duration `json:"reorder_within,omitempty"`
	RejectAt      *string   `json:"reject_at,omitempty"`
	Carriers      []Carrier `json:"carrier,omitempty"`
}

// Apply gives the settings with the change. It may make them invalid. Neither is changed.
func (c DeliveryChange) Apply(d Delivery) Delivery {
	replace(&d.Latency, c.Latency)
	replace(&d.Loss, c.Loss)
	replace(&d.Duplicate, c.Duplicate)
	replace(&d.Reorder, c.Reorder)
	replace(&d.ReorderWithin, c.ReorderWithin)
	replace(&d.RejectAt, c.RejectAt)
	if len(c.Carriers) > 0 {
		stay := slices.DeleteFunc(slices.Clone(d.Carriers), func(old Carrier) bool {
			return slices.ContainsFunc(c.Carriers, func(by Carrier) bool { return by.Prefix == old.Prefix })
		})
		d.Carriers = slices.Concat(stay, c.Carriers)
	}
	return d
}

func replace[T any](old, by *T) {
	if by != nil {
		*old = *by
	}
}
