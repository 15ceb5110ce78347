package emulator

import (
	"container/heap"
	"time"
)

// deadline is one entry of deadlines, held by what will expire. The zero value is not
// among them.
type deadline struct {
	at    time.Time
	of    mortal
	place int // in the queue, from 1; 0 if it is not there
}

// mortal is what a deadline is of. expire removes it, not the deadline, from its project.
type mortal interface{ expire(*project) }

// ending is a mortal without a type of its own.
type ending func()

func (e ending) expire(*project) { e() }

// deadlines orders what will expire, so that removing it costs in proportion
// to what is removed. The zero value is empty. The project's lock guards it.
type deadlines struct {
	queue deadlineQueue
}

// set makes an entry of what holds it, in place of one that it held.
func (d *deadlines) set(entry *deadline, at time.Time, of mortal) {
	d.cancel(entry)
	entry.at, entry.of = at, of
	heap.Push(&d.queue, entry)
}

// cancel forgets an entry if it is one.
func (d *deadlines) cancel(entry *deadline) {
	if entry.place > 0 {
		heap.Remove(&d.queue, entry.place-1)
	}
}

// sweep expires everything of a project whose time has come.
func (d *deadlines) sweep(p *project, now time.Time) {
	for len(d.queue) > 0 && !now.Before(d.queue[0].at) {
		heap.Pop(&d.queue).(*deadline).of.expire(p)
	}
}

type deadlineQueue []*deadline

func (q deadlineQueue) Len() int           { return len(q) }
func (q deadlineQueue) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q deadlineQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].place, q[j].place = i+1, j+1
}

func (q *deadlineQueue) Push(x any) {
	entry := x.(*deadline)
	*q = append(*q, entry)
	entry.place = len(*q)
}

func (q *deadlineQueue) Pop() any {
	old := *q
	entry := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	entry.place = 0
	return entry
}
