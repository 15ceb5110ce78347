package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/contact"
	"github.com/authbench/authbench/internal/policy"
)

// deliveryRoutes is what concerns messages on their way, and looking at messages
// otherwise than by reading an inbox.
func (a admin) deliveryRoutes() []adminRoute {
	const at = "/_ab/projects/{project}"
	control := func(run func(*delivery) deliveryState) http.HandlerFunc {
		return a.of(func(w http.ResponseWriter, _ *http.Request, p *project) { answer(w, http.StatusOK, run(p.delivery)) })
	}
	recipient := adminParameter{"recipient", "address; all if left out"}
	return []adminRoute{
		{
			verb: http.MethodGet, path: at + "/messages/counts", does: "Counts messages, by recipient and in all.",
			query: []adminParameter{recipient}, out: tallies{}, status: http.StatusOK, run: a.of(countMessages),
		},
		{
			verb: http.MethodGet, path: at + "/messages/stream", does: "Writes messages as server-sent events as they arrive.",
			query: []adminParameter{
				recipient, {"after", "cursor behind which the stream begins; the header Last-Event-ID goes before it"},
				{"read", "true brings those too that were read"}, {"beat", "time between signs of life; 15s if left out"},
			},
			out: eventStream{}, status: http.StatusOK, run: a.of(streamMessages),
		},
		{
			verb: http.MethodDelete, path: at + "/messages/{id}", does: "Deletes a message that is not on its way. It stays in the counts.",
			status: http.StatusNoContent, run: a.of(deleteMessage),
		},
		{
			verb: http.MethodGet, path: at + "/delivery", does: "Tells how messages travel, and how many do.",
			out: deliveryState{}, status: http.StatusOK, run: control((*delivery).look),
		},
		{
			verb: http.MethodPut, path: at + "/delivery", does: "Replaces how messages travel, for those that are sent from then on.",
			in: policy.Delivery{}, out: deliveryState{}, status: http.StatusOK, run: a.of(setDelivery),
		},
		{
			verb: http.MethodPatch, path: at + "/delivery", does: "Changes of how messages travel what the body names; a carrier replaces that of its prefix.",
			in: policy.DeliveryChange{}, out: deliveryState{}, status: http.StatusOK, run: a.of(changeDelivery),
		},
		{
			verb: http.MethodDelete, path: at + "/delivery", does: "Lets messages travel again as the policy says.",
			out: deliveryState{}, status: http.StatusOK, run: a.of(restoreDelivery),
		},
		{
			verb: http.MethodPost, path: at + "/delivery/pause", does: "Keeps every message on its way.",
			out: deliveryState{}, status: http.StatusOK, run: control((*delivery).pause),
		},
		{
			verb: http.MethodPost, path: at + "/delivery/resume", does: "Ends a pause; what is due arrives.",
			out: deliveryState{}, status: http.StatusOK, run: control((*delivery).resume),
		},
		{
			verb: http.MethodPost, path: at + "/delivery/flush", does: "Brings everything that is on its way.",
			out: deliveryState{}, status: http.StatusOK, run: control((*delivery).flush),
		},
	}
}

func countMessages(w http.ResponseWriter, r *http.Request, p *project) {
	answer(w, http.StatusOK, p.inbox.counts(recipientOf(r)))
}

func recipientOf(r *http.Request) string {
	return contact.Login(plusOf(r.URL.Query().Get("recipient")))
}

// setDelivery replaces the delivery settings. What the body leaves out has its
// default. Messages that are on their way arrive as they would have.
func setDelivery(w http.ResponseWriter, r *http.Request, p *project) {
	in := policy.DefaultDelivery()
	if !readDocument(w, r, maxBody, &in) {
		return
	}
	if found := in.Validate(); len(found) > 0 {
		adminError(w, http.StatusBadRequest, problemTexts(found))
		return
	}
	answer(w, http.StatusOK, p.delivery.set(in.Complete()))
}

// changeDelivery changes what the body names, also beside others who do.
func changeDelivery(w http.ResponseWriter, r *http.Request, p *project) {
	var in policy.DeliveryChange
	if !readDocument(w, r, maxBody, &in) {
		return
	}
	state, found := p.delivery.amend(in)
	if len(found) > 0 {
		adminError(w, http.StatusBadRequest, problemTexts(found))
		return
	}
	answer(w, http.StatusOK, state)
}

// restoreDelivery ends what was set and changed since the project was made or reset, but
// for a pause.
func restoreDelivery(w http.ResponseWriter, _ *http.Request, p *project) {
	answer(w, http.StatusOK, p.delivery.set(p.policy().Delivery))
}

// streamMessages writes messages as server-sent events, as they arrive. The ID of an
// event is its cursor, and a client that comes again with Last-Event-ID goes on from
// it. An event "lost" tells that unread messages after the cursor were dropped, and
// "gone" that the project is.
func streamMessages(w http.ResponseWriter, r *http.Request, p *project) {
	values := r.URL.Query()
	after, err := p.inbox.cursor(cmp.Or(r.Header.Get("Last-Event-ID"), values.Get("after")))
	if err != nil {
		adminError(w, http.StatusBadRequest, "after or Last-Event-ID is not a cursor")
		return
	}
	beat, err := duration(cmp.Or(values.Get("beat"), streamBeat.String()))
	if err != nil {
		adminError(w, http.StatusBadRequest, "beat is not a duration such as 15s")
		return
	}
	q := query{recipientOf(r), after, values.Get("read") == "true"}
	serveStream(w, r, p.inbox, q, min(max(beat, 10*time.Millisecond), maxWait), streamPatience)
}

// outboxList is what the admin API answers to a call for messages by state.
type outboxList struct {
	FormatVersion int        `json:"format_version"`
	Messages      []*message `json:"messages"` // by the time they were sent
	Complete      bool       `json:"complete"` // false if older ones did not fit
}

// outbox lists messages whatever became of them: those in the inbox, unread and read,
// those on their way, and those lost or rejected that are still kept.
func outbox(w http.ResponseWriter, r *http.Request, p *project) {
	want := r.URL.Query().Get("state")
	var one *state
	if want != "all" {
		one = new(state)
		if err := one.UnmarshalText([]byte(want)); err != nil {
			adminError(w, http.StatusBadRequest, "state is none of all, delivered, pending, lost and rejected")
			return
		}
	}
	all, err := p.delivery.messages(one, recipientOf(r))
	if err != nil {
		listError(w, err)
		return
	}
	answer(w, http.StatusOK, newOutbox(all))
}

// newOutbox keeps the newest that one answer has room for.
func newOutbox(all []*message) *outboxList {
	slices.SortStableFunc(all, func(x, y *message) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), cmp.Compare(x.Number, y.Number))
	})
	from, size := len(all), 0
	for from > 0 && len(all)-from < listLimit {
		o := members{}
		all[from-1].append(&o)
		if size += len(o.b) + 1; size > listBytes && from < len(all) {
			break
		}
		from--
	}
	return &outboxList{AdminVersion, all[from:], from == 0}
}

// messages lists what is in a state, nil for any, and for a recipient, empty for any.
func (d *delivery) messages(one *state, recipient string) ([]*message, error) {
	d.settle()
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []*message
	if one == nil || *one == delivered { // an inbox may be full, and is not looked through in vain
		var err error
		if out, err = d.inbox.kept(recipient); err != nil {
			return nil, err
		}
	}
	for _, p := range d.way {
		m := *p.message
		j := journey{DueAt: p.due.UTC()}
		if m.Delivery != nil {
			j.DuplicateOf = m.Delivery.DuplicateOf
		}
		m.State, m.Delivery = pending, &j
		out = append(out, &m)
	}
	out = append(out, d.failed...)
	return slices.DeleteFunc(out, func(m *message) bool {
		return one != nil && m.State != *one || recipient != "" && m.Recipient != recipient
	}), nil
}
