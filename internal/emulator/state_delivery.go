package emulator

import (
	"cmp"
	"container/heap"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/policy"
)

// deliveryMemory is what lies between the sends and the inbox, and the inbox. What a
// gateway is being told is not in it: nothing is posted a second time.
type deliveryMemory struct {
	Policy    policy.Delivery  `json:"policy"` // which may be another than the project began with
	Random    []byte           `json:"random"`
	Paused    bool             `json:"paused"`
	ResumedAt time.Time        `json:"resumed_at"`
	Sent      uint64           `json:"sent,string"`
	OnWay     []parcelMemory   `json:"on_way"` // by the number of the send
	Failed    []*message       `json:"failed"`
	Inbox     inboxMemory      `json:"inbox"`
	Total     tally            `json:"total"`
	Tallied   map[string]tally `json:"tallied"` // by recipient
	Uncounted bool             `json:"uncounted"`
}

type parcelMemory struct {
	Message *message  `json:"message"`
	Number  uint64    `json:"number,string"`
	Own     time.Time `json:"own"`
	Due     time.Time `json:"due"`
	Held    bool      `json:"held"`
}

type inboxMemory struct {
	Arrived uint64     `json:"arrived,string"`
	Dropped uint64     `json:"dropped,string"`
	Unread  []*message `json:"unread"`
	Read    []*message `json:"read"`
}

// export is the delivery and its inbox at one instant, after what was due has arrived.
func (d *delivery) export() (deliveryMemory, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.release(d.clock.Now())
	random, err := d.random.source.MarshalBinary()
	if err != nil {
		return deliveryMemory{}, fmt.Errorf("randomness of deliveries: %w", err)
	}
	out := deliveryMemory{
		Policy: d.carriers.all, Random: random, Paused: d.paused, ResumedAt: d.resumedAt, Sent: d.sent,
		OnWay: []parcelMemory{}, Failed: append([]*message{}, d.failed...),
	}
	for _, p := range d.way {
		out.OnWay = append(out.OnWay, parcelMemory{p.message, p.number, p.own, p.due, p.held})
	}
	slices.SortFunc(out.OnWay, func(a, b parcelMemory) int { return cmp.Compare(a.Number, b.Number) })
	d.inbox.export(&out)
	return out, nil
}

func (b *inbox) export(out *deliveryMemory) {
	b.mu.Lock()
	defer b.mu.Unlock()
	out.Inbox = inboxMemory{b.arrived, b.dropped, []*message{}, append([]*message{}, b.read...)}
	for _, m := range b.unread {
		if !m.consumed {
			out.Inbox.Unread = append(out.Inbox.Unread, m)
		}
	}
	out.Total, out.Tallied, out.Uncounted = b.total, maps.Clone(b.tallied), b.uncounted
}

// restore puts a fresh delivery where another one was. With an error nothing runs.
func (d *delivery) restore(m *deliveryMemory) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if problems := m.Policy.Validate(); len(problems) > 0 {
		return fmt.Errorf("state: delivery: %s", problemTexts(problems))
	}
	d.carriers = newCarriers(m.Policy.Complete())
	if err := d.random.source.UnmarshalBinary(m.Random); err != nil {
		return fmt.Errorf("state: random of deliveries: %w", err)
	}
	lists := [][]*message{m.Failed, m.Inbox.Unread, m.Inbox.Read}
	for _, p := range m.OnWay {
		lists = append(lists, []*message{p.Message})
	}
	if slices.Contains(slices.Concat(lists...), nil) {
		return fmt.Errorf("state: delivery: a message is null")
	}
	d.inbox.restore(m)
	d.paused, d.resumedAt, d.sent, d.failed = m.Paused, m.ResumedAt, m.Sent, m.Failed
	for _, p := range m.OnWay {
		made := &parcel{message: p.Message, number: p.Number, own: p.Own, due: p.Due, held: p.Held, index: -1}
		if made.held {
			d.overtaken[made.message.Recipient] = append(d.overtaken[made.message.Recipient], made)
		}
		heap.Push(&d.way, made)
	}
	d.keep()
	return nil
}

func (b *inbox) restore(m *deliveryMemory) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.arrived, b.dropped, b.read = m.Inbox.Arrived, m.Inbox.Dropped, m.Inbox.Read
	for _, one := range m.Inbox.Unread {
		b.unread = append(b.unread, one)
		b.unreadCount++
		b.byRecipient[one.Recipient] = append(b.byRecipient[one.Recipient], one)
		b.byID[one.ID] = one
	}
	b.total, b.uncounted = m.Total, m.Uncounted
	if m.Tallied != nil {
		b.tallied = m.Tallied
	}
}
