package emulator

import "time"

// parcel is a message on its way.
type parcel struct {
	message *message
	number  uint64    // of the send
	own     time.Time // when it arrives if it is not held
	due     time.Time // when it arrives
	held    bool      // until the next one to its recipient has arrived
	index   int       // in the queue, below 0 if it is not there
}

// onWay orders parcels by the time they are due, and those of one time by their send.
type onWay []*parcel

func (w onWay) Len() int { return len(w) }

func (w onWay) Less(i, j int) bool {
	if c := w[i].due.Compare(w[j].due); c != 0 {
		return c < 0
	}
	return w[i].number < w[j].number
}

func (w onWay) Swap(i, j int) {
	w[i], w[j] = w[j], w[i]
	w[i].index, w[j].index = i, j
}

func (w *onWay) Push(x any) {
	p := x.(*parcel)
	p.index = len(*w)
	*w = append(*w, p)
}

func (w *onWay) Pop() any {
	old := *w
	p := old[len(old)-1]
	old[len(old)-1] = nil
	*w = old[:len(old)-1]
	p.index = -1
	return p
}
