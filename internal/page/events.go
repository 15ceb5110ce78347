package page

import (
	"bytes"
	"io"
	"net/http"
	"time"
)

const (
	// patience is how long a reader may take for one state before it is dropped.
	patience = 5 * time.Second
	// turn is how long one stream lasts. The buffers of a machine take in megabytes for
	// a reader that never reads, and no write fails meanwhile: whoever reads comes back
	// by itself, the others have lost their place.
	turn = 30 * time.Second
	// quiet is after how long without a state a reader is told that all is well.
	quiet = 15 * time.Second
)

// events streams states to one browser, until it goes, falls behind, its
// turn or the run ends.
func (p *Page) events(w http.ResponseWriter, r *http.Request) {
	c, room := p.join()
	if !room {
		http.Error(w, "too many browsers follow this run", http.StatusServiceUnavailable)
		return
	}
	defer p.leave(c)
	w.Header().Set("Content-Type", "text/event-stream")
	stream := &stream{w, http.NewResponseController(w)}
	if !stream.write([]byte("retry: 2000\n\n")) {
		return
	}
	alive := time.NewTicker(quiet)
	defer alive.Stop()
	out := time.NewTimer(turn)
	defer out.Stop()
	for {
		select { // what is there goes out before an end is looked at
		case s := <-c.next:
			if !stream.state(s) || s.over {
				return
			}
			continue
		default:
		}
		select {
		case s := <-c.next:
			if !stream.state(s) || s.over {
				return
			}
		case <-alive.C:
			if !stream.write([]byte(": alive\n\n")) {
				return
			}
		case <-out.C:
			return
		case <-r.Context().Done():
			return
		}
	}
}

type stream struct {
	w       io.Writer
	control *http.ResponseController
}

func (s *stream) state(x *state) bool {
	drawn, err := x.draw()
	if err != nil {
		return false
	}
	name := "state"
	if x.over {
		name = "end"
	}
	return s.write(event(name, drawn))
}

// write reports whether the reader took it all in time.
func (s *stream) write(text []byte) bool {
	if err := s.control.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return false
	}
	if _, err := s.w.Write(text); err != nil {
		return false
	}
	return s.control.Flush() == nil
}

// event frames data, whose lines may end in any way.
func event(name string, data []byte) []byte {
	out := append(make([]byte, 0, len(data)+len(data)/16+64), "event: "+name+"\n"...)
	data = bytes.ReplaceAll(data, []byte("\r"), []byte(" "))
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		out = append(append(append(out, "data: "...), line...), '\n')
	}
	return append(out, '\n')
}
