package emulator

// rememberedLives is how many projects that are gone are remembered.
const rememberedLives = 1 << 14

// lives remembers how many projects an ID has stood for, of the IDs whose projects are
// gone. It forgets those that went first. The zero lives is ready; it is not safe for
// concurrent use.
type lives struct {
	byID map[string]lived
	gone []departure // a ring once it is full
	next int         // place of the oldest in a full ring
	time uint64      // counts departures
}

type lived struct {
	life uint64
	at   uint64 // the newest departure of the ID
}

type departure struct {
	id string
	at uint64
}

// of is how many projects the ID has stood for, as far as that is remembered.
func (l *lives) of(id string) uint64 { return l.byID[id].life }

// end notes that a project is gone. Its life may be less than that of another before it,
// if it was imported.
func (l *lives) end(id string, life uint64) {
	if l.byID == nil {
		l.byID = map[string]lived{}
	}
	l.time++
	l.byID[id] = lived{max(life, l.byID[id].life), l.time}
	if len(l.gone) < rememberedLives {
		l.gone = append(l.gone, departure{id, l.time})
		return
	}
	oldest := &l.gone[l.next]
	if l.byID[oldest.id].at == oldest.at { // else it went once more since
		delete(l.byID, oldest.id)
	}
	*oldest = departure{id, l.time}
	l.next = (l.next + 1) % len(l.gone)
}
