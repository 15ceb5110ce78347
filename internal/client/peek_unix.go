//go:build unix && (!linux || 386 || s390x)

package client

import "syscall"

func sysPeek(fd uintptr, one *[1]byte) (int, error) {
	n, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK)
	return n, err
}
