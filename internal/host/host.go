// Package host reads what the process takes of its machine: processor time, memory,
// descriptors, local ports. Whoever makes load wants to know whether it is itself what
// is slow. The package judges nothing; start at [Read].
package host

import (
	"runtime"
	"time"
)

// Sample is what the process had taken at one moment. What a platform does not tell
// is 0: all but CPUs and Goroutines are known on Linux alone.
type Sample struct {
	// CPUs is how many processors may run Go code at a time; CPU is the processor time
	// of the process since its start, in user and system mode.
	CPUs       int
	CPU        time.Duration
	Goroutines int
	// Memory is what is resident, in bytes.
	Memory uint64
	// Descriptors are open files and sockets of the process.
	Descriptors, DescriptorLimit int
	// Ports are the local ports for outgoing connections that the machine uses, those
	// that wait for their release included, and how many there are. Far from the limit
	// the number is an estimate that is rather too high.
	Ports, PortLimit int
}

// Read takes a sample. It costs some 0.1 ms on Linux, more when ports run out.
func Read() Sample {
	s := Sample{CPUs: runtime.GOMAXPROCS(0), Goroutines: runtime.NumGoroutine()}
	s.readSystem("/proc")
	return s
}
