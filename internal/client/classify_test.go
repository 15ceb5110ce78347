package client

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"
)

func TestIsExhausted(t *testing.T) {
	t.Parallel()
	call := func(name string, no syscall.Errno) error {
		return fmt.Errorf("dial: %w", &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError(name, no)})
	}
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{call("socket", syscall.EMFILE), true},
		{call("socket", syscall.ENFILE), true},
		{call("socket", syscall.ENOBUFS), true},
		{call("connect", syscall.EADDRNOTAVAIL), true},
		{call("bind", syscall.EADDRINUSE), true},
		{&net.DNSError{Err: "dial udp: socket: " + syscall.EMFILE.Error()}, true},
		{call("bind", syscall.EADDRNOTAVAIL), false},
		{call("connect", syscall.ECONNREFUSED), false},
		{call("connect", syscall.ENETUNREACH), false},
		{&net.DNSError{Err: "no such host"}, false},
		{errors.New("other"), false},
	} {
		if got := isExhausted(tt.err); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.err, got, tt.want)
		}
	}
}
