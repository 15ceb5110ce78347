package host

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	t.Parallel()
	s := Read()
	for name, got := range map[string]int64{
		"processors": int64(s.CPUs), "processor time": int64(s.CPU), "goroutines": int64(s.Goroutines),
		"memory": int64(s.Memory >> 20), "descriptors": int64(s.Descriptors), "limit of descriptors": int64(s.DescriptorLimit),
		"ports": int64(s.PortLimit),
	} {
		if got <= 0 {
			t.Errorf("%s: got %d", name, got)
		}
	}
	if s.Descriptors > s.DescriptorLimit || s.Ports > s.PortLimit {
		t.Errorf("more than there are: %+v", s)
	}
}

func TestDescriptorsAreCounted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"0", "1", "2"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := descriptors(filepath.Join(dir, "none")); got != 0 {
		t.Errorf("no directory: got %d", got)
	}
	if before, file := descriptors("/proc/self/fd"), openFile(t); file != nil && before == 0 {
		t.Error("none are open")
	}
}

func openFile(t *testing.T) *os.File {
	t.Helper()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 0100007F:8000 0100007F:0016 01 00000000:00000000 00:00000000 00000000     0        0 1
   2: 0100007F:8000 0200007F:0016 06 00000000:00000000 00:00000000 00000000     0        0 1
   3: 0100007F:8003 0100007F:0016 06 00000000:00000000 00:00000000 00000000     0        0 1
   4: what is this
`

func TestPorts(t *testing.T) {
	t.Parallel()
	const cheap = "sockets: used 11\nTCP: inuse 1 orphan 0 tw 1 alloc 3 mem 0\nUDP: inuse 9 mem 0\n"
	const busy = "TCP: inuse 2 orphan 0 tw 3 alloc 3 mem 0\n"
	for name, test := range map[string]struct {
		files map[string]string
		want  Sample
	}{
		"nothing known": {nil, Sample{}},
		"wrong range":   {map[string]string{"sys/net/ipv4/ip_local_port_range": "9 1"}, Sample{}},
		"range beyond":  {map[string]string{"sys/net/ipv4/ip_local_port_range": "9 70000"}, Sample{}},
		"far from it": {map[string]string{
			"sys/net/ipv4/ip_local_port_range": "32768\t32777\n", "net/sockstat": cheap, "net/sockstat6": "TCP6: inuse 1\n",
		}, Sample{Ports: 3, PortLimit: 10}},
		"close to it": {map[string]string{
			"sys/net/ipv4/ip_local_port_range": "32768\t32771\n", "net/sockstat": busy, "net/tcp": tcp, "net/tcp6": tcp,
		}, Sample{Ports: 2, PortLimit: 4}},
	} {
		dir := t.TempDir()
		for file, text := range test.files {
			path := filepath.Join(dir, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var got Sample
		got.readPorts(dir)
		if d := cmp.Diff(got, test.want); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = Read()
	}
}
