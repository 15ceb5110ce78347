//go:build !386 && !s390x

package client

import (
	"syscall"
	"unsafe"
)

// sysPeek reads a byte and leaves it there, like sysRead.
func sysPeek(fd uintptr, one *[1]byte) (int, error) {
	//nolint:gosec // as raw
	n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(one)), 1, syscall.MSG_PEEK, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
