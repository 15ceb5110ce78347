package host

import (
	"bytes"
	"strconv"
)

// readPorts counts sockets, which is cheap, and looks at the ports one by one only when
// so many sockets could have taken most of them.
func (s *Sample) readPorts(proc string) {
	span := bytes.Fields(read(proc, "sys/net/ipv4/ip_local_port_range"))
	if len(span) != 2 {
		return
	}
	low, high := number(span[0]), number(span[1])
	if low > high || high >= 1<<16 {
		return
	}
	s.PortLimit = high - low + 1
	s.Ports = sockets(read(proc, "net/sockstat")) + sockets(read(proc, "net/sockstat6"))
	if s.Ports > s.PortLimit/2 {
		s.Ports = portsUsed(low, high, read(proc, "net/tcp"), read(proc, "net/tcp6"))
	}
}

// sockets adds up the TCP sockets of a table such as
// `TCP: inuse 5 orphan 0 tw 12 alloc 8 mem 1`.
func sockets(table []byte) int {
	sum := 0
	for line := range bytes.Lines(table) {
		fields := bytes.Fields(line)
		if len(fields) == 0 || !bytes.HasPrefix(fields[0], []byte("TCP")) {
			continue
		}
		for i := 1; i+1 < len(fields); i += 2 {
			if word := string(fields[i]); word == "inuse" || word == "tw" {
				sum += number(fields[i+1])
			}
		}
	}
	return sum
}

// portsUsed counts the ports of a span that any socket has as its local one. Tables are
// those of /proc/net/tcp: `0: 0100007F:9C40 ...`.
func portsUsed(low, high int, tables ...[]byte) int {
	var seen [1 << 16]bool
	sum := 0
	for _, table := range tables {
		for line := range bytes.Lines(table) {
			fields := bytes.Fields(line)
			if len(fields) < 2 {
				continue
			}
			_, hex, found := bytes.Cut(fields[1], []byte(":"))
			port, err := strconv.ParseUint(string(hex), 16, 16)
			if !found || err != nil || int(port) < low || int(port) > high || seen[port] {
				continue
			}
			seen[port] = true
			sum++
		}
	}
	return sum
}
