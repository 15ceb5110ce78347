//go:build unix

package client

import "syscall"

const canPeek = true

// peek tells in w.n and w.err what a read would give. It never asks to wait: sockets
// of net do not block.
func (w *wire) peek(fd uintptr) bool {
	w.n, _, w.err = syscall.Recvfrom(int(fd), w.one[:], syscall.MSG_PEEK)
	return true
}
