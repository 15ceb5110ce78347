package emulator

import (
	"errors"
	"net/http"
	"slices"
)

var (
	errNoMessage    = errors.New("no such message")
	errMessageOnWay = errors.New("the message is on its way; it can be deleted once it has arrived")
)

func deleteMessage(w http.ResponseWriter, r *http.Request, p *project) {
	switch err := p.delivery.delete(r.PathValue("id")); {
	case errors.Is(err, errMessageOnWay):
		adminError(w, http.StatusConflict, err.Error())
	case err != nil:
		adminError(w, http.StatusNotFound, err.Error())
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// delete forgets a message whatever became of it. Counts stay, and so one that is on its
// way is refused: nothing would ever count it.
func (d *delivery) delete(id string) error {
	d.settle()
	d.mu.Lock()
	defer d.mu.Unlock()
	same := func(m *message) bool { return m.ID == id }
	if slices.ContainsFunc(d.way, func(p *parcel) bool { return same(p.message) }) {
		return errMessageOnWay
	}
	if i := slices.IndexFunc(d.failed, same); i >= 0 {
		d.failed = slices.Delete(d.failed, i, i+1)
		return nil
	}
	return d.inbox.delete(id)
}

func (b *inbox) delete(id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m, unread := b.byID[id]; unread {
		b.forget(m)
		m.consumed = true
		b.compact()
		return nil
	}
	i := slices.IndexFunc(b.read, func(m *message) bool { return m.ID == id })
	if i < 0 {
		return errNoMessage
	}
	b.read = slices.Delete(b.read, i, i+1)
	return nil
}
