package client

import (
	"syscall"
	"unsafe"
)

// sysWrite and sysRead are the system calls, without a word to the scheduler. It would
// prepare for a call that lasts, and wake the thread that watches over such calls, which
// costs more than to take a few bytes from a socket. Sockets of net do not block.
func sysWrite(fd uintptr, p []byte) (int, error) { return raw(syscall.SYS_WRITE, fd, p) }

func sysRead(fd uintptr, p []byte) (int, error) { return raw(syscall.SYS_READ, fd, p) }

func raw(call, fd uintptr, p []byte) (int, error) {
	//nolint:gosec // the only way to name memory to the kernel; the conversion keeps p alive
	n, _, errno := syscall.RawSyscall(call, fd, uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
