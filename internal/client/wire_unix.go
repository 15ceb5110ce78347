//go:build unix

package client

const canPeek = true

// peek tells in w.n and w.err what a read would give. It never asks to wait: sockets
// of net do not block.
func (w *wire) peek(fd uintptr) bool {
	w.n, w.err = sysPeek(fd, &w.one)
	return true
}
