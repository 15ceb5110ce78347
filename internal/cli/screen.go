package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/stats"
)

// screen shows a load run on stderr: a block of lines that is written over in a
// terminal, one plain line every ten seconds elsewhere. It is for one goroutine.
type screen struct {
	app      *app
	terminal bool
	// keys are what is pressed, nil where nobody can.
	keys    <-chan byte
	restore func()
	// drawn is how many lines stand there to be written over, width that of the window
	// when they were written.
	drawn, width int
	next         time.Duration
}

func (a *app) openScreen() *screen {
	s := &screen{app: a, terminal: a.ErrWidth > 0, next: plainPace}
	if s.terminal && a.Keys != nil {
		if keys, restore, ok := a.Keys(); ok {
			s.keys, s.restore = keys, restore
		}
	}
	return s
}

// show draws how the run stands.
func (s *screen) show(l *stats.Load, stopping bool) {
	if !s.terminal {
		if l.Wall < s.next {
			return
		}
		s.next = l.Wall.Truncate(plainPace) + plainPace
		_, _ = fmt.Fprintln(s.app.Err, report.Progress(l))
		return
	}
	width, height := s.size()
	keys := ""
	if s.keys != nil && !stopping {
		keys = "q stop gracefully   Ctrl-C cancel"
	}
	lines := report.Screen(l, report.ScreenOptions{
		Color: s.app.color(width, s.app.noColor), Width: width, Height: height, Stopping: stopping, Keys: keys,
	})
	if len(lines) > height-1 {
		lines = lines[:max(1, height-1)]
	}
	s.draw(lines, width)
}

// draw writes over what stands there, in one write, so that nothing flickers. In a
// window of another width nobody knows where the block begins: some terminals wrap
// lines again, some cut them. The screen is cleared then and the block drawn at its top;
// what has scrolled away stays.
func (s *screen) draw(lines []string, width int) {
	var b strings.Builder
	b.WriteString("\x1b[?2026h") // terminals that know it show the whole at once
	switch {
	case s.drawn > 0 && s.width != width:
		b.WriteString("\x1b[H\x1b[2J")
	case s.drawn > 0:
		fmt.Fprintf(&b, "\x1b[%dA", s.drawn)
	}
	for _, line := range lines {
		b.WriteString("\r\x1b[2K" + line + "\n")
	}
	b.WriteString("\x1b[J\x1b[?2026l")
	_, _ = io.WriteString(s.app.Err, b.String())
	s.drawn, s.width = len(lines), width
}

// say writes a line that stays.
func (s *screen) say(text string) {
	s.clear()
	_, _ = fmt.Fprintln(s.app.Err, text)
}

func (s *screen) clear() {
	if s.drawn == 0 {
		return
	}
	if width, _ := s.size(); width != s.width {
		_, _ = io.WriteString(s.app.Err, "\x1b[H\x1b[2J")
	} else {
		_, _ = fmt.Fprintf(s.app.Err, "\x1b[%dA\r\x1b[J", s.drawn)
	}
	s.drawn = 0
}

// close takes the block away: the report comes in its place.
func (s *screen) close() {
	s.clear()
	if s.restore != nil {
		s.restore()
	}
}

// size asks each time: a window can be resized.
func (s *screen) size() (width, height int) {
	width, height = s.app.ErrWidth, 40
	if f, ok := s.app.Err.(*os.File); ok {
		if w, h, err := term.GetSize(int(f.Fd())); err == nil && w > 0 && h > 0 {
			return w, h
		}
	}
	return width, height
}
