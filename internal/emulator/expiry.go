package emulator

import (
	"container/heap"
	"time"
)

// deadline is one entry of deadlines.
type deadline struct {
	at     time.Time
	expire func() // removes the thing that expired, not the deadline
	index  int
}

// deadlines orders what will expire, so that removing it costs in proportion
// to what is removed. The zero value is empty. The project's lock guards it.
type deadlines struct {
	queue deadlineQueue
}

func (d *deadlines) add(at time.Time, expire func()) *deadline {
	entry := &deadline{at: at, expire: expire}
	heap.Push(&d.queue, entry)
	return entry
}

// cancel forgets an entry that was added and has not expired.
func (d *deadlines) cancel(entry *deadline) {
	if entry.index >= 0 {
		heap.Remove(&d.queue, entry.index)
	}
}

// sweep expires everything whose time has come.
func (d *deadlines) sweep(now time.Time) {
	for len(d.queue) > 0 && !now.Before(d.queue[0].at) {
		heap.Pop(&d.queue).(*deadline).expire()
	}
}

type deadlineQueue []*deadline

func (q deadlineQueue) Len() int           { return len(q) }
func (q deadlineQueue) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q deadlineQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *deadlineQueue) Push(x any) {
	entry := x.(*deadline)
	entry.index = len(*q)
	*q = append(*q, entry)
}

func (q *deadlineQueue) Pop() any {
	old := *q
	entry := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	entry.index = -1
	return entry
}
