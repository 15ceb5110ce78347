package host

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

func (s *Sample) readSystem(proc string) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err == nil {
		s.CPU = time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	if fields := bytes.Fields(read(proc, "self/statm")); len(fields) > 1 {
		s.Memory = uint64(number(fields[1])) * uint64(os.Getpagesize())
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err == nil {
		s.DescriptorLimit = int(min(limit.Cur, 1<<31-1))
	}
	s.Descriptors = descriptors(filepath.Join(proc, "self/fd"))
	s.readPorts(proc)
}

// descriptors asks for the size of the directory, which recent kernels give, before it
// reads it: reading costs a microsecond for each file.
func descriptors(dir string) int {
	if info, err := os.Stat(dir); err == nil && info.Size() > 0 {
		return int(info.Size())
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0
	}
	return len(entries)
}

// read gives a file of the kernel, empty when there is none.
func read(proc, name string) []byte {
	text, err := os.ReadFile(filepath.Join(proc, name))
	if err != nil {
		return nil
	}
	return text
}

// number gives a decimal number, 0 for anything else.
func number(text []byte) int {
	n, err := strconv.Atoi(string(text))
	if err != nil {
		return 0
	}
	return max(n, 0)
}
