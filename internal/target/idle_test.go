package target_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/host"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/target"
)

const (
	idleServer = "AUTHBENCH_TEST_IDLE_SERVER" // set in the process that serves
	// idleCost bounds what an idle connection may take of the server, in bytes: two
	// buffers of 4 KiB of net/http, a stack, and what stands around them.
	idleCost = 32 << 10
	// idleRest bounds what is left of one that is gone, which is what the runtime keeps
	// of a goroutine for the next.
	idleRest = 2 << 10
)

// crowdOf counts idle connections of a server.
type crowdOf struct {
	mu     sync.Mutex
	cond   *sync.Cond
	states map[net.Conn]http.ConnState
	idle   int
}

func (c *crowdOf) note(conn net.Conn, s http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.states[conn] == http.StateIdle {
		c.idle--
	}
	switch s {
	case http.StateClosed, http.StateHijacked:
		delete(c.states, conn)
	case http.StateIdle:
		c.idle++
		fallthrough
	default:
		c.states[conn] = s
	}
	c.cond.Broadcast()
}

// serveIdle serves an emulator in a process of its own, so that the memory is that of
// the server alone. For each number that it reads it waits until that many connections
// are there, all of them idle, and tells the bytes in use.
func serveIdle(in io.Reader, out io.Writer) error {
	em := emulator.New(emulator.Options{Seed: 1})
	defer em.Close()
	settings := policy.Default()
	settings.SigningAlg = policy.ES256
	if _, err := em.CreateProject("P1", secret.New("K1"), settings); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	crowd := &crowdOf{states: map[net.Conn]http.ConnState{}}
	crowd.cond = sync.NewCond(&crowd.mu)
	srv, done := target.Server(em.Handler()), make(chan struct{})
	srv.ConnState = crowd.note
	srv.IdleTimeout = time.Hour // they are counted, however long it takes to open them
	go func() {
		defer close(done)
		_ = srv.Serve(l)
	}()
	fmt.Fprintln(out, l.Addr())
	for {
		var n int
		if _, err := fmt.Fscan(in, &n); err != nil {
			err = srv.Close()
			<-done
			return err
		}
		crowd.mu.Lock()
		for len(crowd.states) != n || crowd.idle != n {
			crowd.cond.Wait()
		}
		crowd.mu.Unlock()
		fmt.Fprintln(out, inUse())
	}
}

// inUse is what the heap and the stacks hold, in bytes.
func inUse() uint64 {
	runtime.GC()
	runtime.GC() // the first one empties pools into a second life
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// enoughDescriptors skips where the process may not have so many more. The runtime has
// raised the limit as far as it may be raised.
func enoughDescriptors(t *testing.T, n int) {
	t.Helper()
	const spare = 500 // for what runs beside
	if here := host.Read(); here.DescriptorLimit-here.Descriptors < n+spare {
		t.Skipf("%d connections need a higher hard limit of open files than %d", n, here.DescriptorLimit)
	}
}

// TestIdleConnections: thousands of connections that wait cost little, disturb nobody,
// and leave nothing.
func TestIdleConnections(t *testing.T) {
	t.Parallel()
	const n = anIdle
	enoughDescriptors(t, n)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), idleServer+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var address string
	if _, err := fmt.Fscan(out, &address); err != nil {
		t.Fatal(err)
	}
	with := func(n int) (bytes int64) {
		t.Helper()
		if _, err := fmt.Fprintln(in, n); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fscan(out, &bytes); err != nil {
			t.Fatal(err)
		}
		return bytes
	}

	dialIdle(t, address, 1)() // what is made once is there
	before := with(0)
	hangUp := dialIdle(t, address, n)
	during := with(n)
	dialIdle(t, address, 1)() // one more is answered
	hangUp()
	after := with(0)
	each, left := (during-before)/n, (after-before)/n
	t.Logf("%d connections: %d bytes each, %d left of each", n, each, left)
	if each > idleCost {
		t.Errorf("an idle connection takes %d bytes, more than %d", each, idleCost)
	}
	if left > idleRest {
		t.Errorf("%d bytes are left of each, more than %d", left, idleRest)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// dialIdle opens connections, of which each has sent one request and got its answer, and
// gives what closes them.
func dialIdle(t *testing.T, address string, n int) (hangUp func()) {
	t.Helper()
	conns, errs := make([]net.Conn, n), make([]error, n)
	const dialers = 16
	var all sync.WaitGroup
	for first := range dialers {
		all.Go(func() {
			for i := first; i < n; i += dialers {
				conns[i], errs[i] = dialOne(t, address)
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		for _, c := range conns {
			_ = c.(*net.TCPConn).SetLinger(0) // or its port waits for a minute
			_ = c.Close()
		}
	}
}

func dialOne(t *testing.T, address string) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = c.Close() })
	const request = "GET /v1/mgmt/user?loginId=x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer P1:K1\r\n\r\n"
	if _, err := io.Copy(c, strings.NewReader(request)); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(bufio.NewReaderSize(c, 1024), nil)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return c, err
}
