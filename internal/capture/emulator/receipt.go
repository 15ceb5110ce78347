package emulator

import (
	"strconv"
	"strings"

	"github.com/authbench/authbench/internal/capture"
)

// inboxHeader stands on an answer of the emulator that sent a message: the project, a
// space, and the cursor of its inbox before the message.
const inboxHeader = "X-Authbench-Inbox"

// MarkIn implements [capture.Receipts]. A mark of another project is none: numbers of
// two inboxes can not be compared.
func (h *hub) MarkIn(header func(name string) string) (capture.Mark, bool) {
	project, cursor, _ := strings.Cut(header(inboxHeader), " ")
	if project != h.api.project {
		return capture.Mark{}, false
	}
	if _, err := strconv.ParseUint(cursor, 10, 64); err != nil {
		return capture.Mark{}, false
	}
	return capture.NewMark(cursor), true
}
