package runner

import "sync"

// line hands out places in flight, first come, first served. An iteration that stands
// in it is parked, or about to be. It is safe for concurrent use.
type line struct {
	mu          sync.Mutex
	free        int
	first, last *iteration
}

// place is an iteration's part in a line, which guards it.
type place struct {
	standing, held bool
	prev, next     *iteration
}

// join takes a place, or the end of the line.
func (l *line) join(it *iteration) (held bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free > 0 && l.first == nil {
		l.free--
		it.place = place{held: true}
		return true
	}
	it.place = place{standing: true, prev: l.last}
	if l.last != nil {
		l.last.place.next = it
	} else {
		l.first = it
	}
	l.last = it
	return false
}

// holds reports whether it is the iteration's turn.
func (l *line) holds(it *iteration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return it.place.held
}

// leave gives up a place or leaves the line. Who comes next is woken.
func (l *line) leave(it *iteration) {
	if next := l.cede(it); next != nil {
		next.wake()
	}
}

func (l *line) cede(it *iteration) (next *iteration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	was := it.place
	it.place = place{}
	switch {
	case was.standing:
		l.unlink(was)
	case was.held && l.first == nil:
		l.free++
	case was.held:
		next = l.first
		l.unlink(next.place)
		next.place = place{held: true}
	}
	return next
}

// unlink closes the line where somebody stood.
func (l *line) unlink(p place) {
	if p.prev != nil {
		p.prev.place.next = p.next
	} else {
		l.first = p.next
	}
	if p.next != nil {
		p.next.place.prev = p.prev
	} else {
		l.last = p.prev
	}
}
