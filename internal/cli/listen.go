package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/authbench/authbench/internal/target"
)

// listenOn opens a listener. One that other machines can reach needs to be asked for.
func listenOn(flag, address string, open bool, why string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%s %q is not an address such as 127.0.0.1:8787", flag, address)
	}
	if !open && !loopbackHost(host) {
		return nil, fmt.Errorf("%s %s can be reached by other machines, and %s; give --insecure-listen if you want that", flag, address, why)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return l, nil
}

// nearby is where this machine reaches a listener. One of every address is reached by the
// loopback one.
func nearby(a net.Addr) string {
	at, err := netip.ParseAddrPort(a.String())
	if err == nil && at.Addr().IsUnspecified() {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
	}
	return a.String()
}

func loopbackHost(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// webServer is a listener that is open from the start and serves when there is
// something to serve.
type webServer struct {
	l      net.Listener
	server *http.Server
	done   chan struct{}
}

func listenWeb(flag, address string, open bool, why string) (*webServer, error) {
	l, err := listenOn(flag, address, open, why)
	if err != nil {
		return nil, err
	}
	return &webServer{l: l}, nil
}

func (w *webServer) address() string { return w.l.Addr().String() }

func (w *webServer) serve(h http.Handler) {
	w.server, w.done = target.Server(h), make(chan struct{})
	go func() {
		defer close(w.done)
		_ = w.server.Serve(w.l) // ends when the server is closed
	}()
}

// patience is how long a server that is closed waits for those who are being answered.
const patience = 5 * time.Second

func (w *webServer) close() error {
	if w.server == nil {
		return w.l.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := w.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = w.server.Close() // somebody reads too slowly, which is no fault of the run
	}
	<-w.done
	return err
}

// metricsServer serves /metrics and counts the scrapes of the last values.
type metricsServer struct {
	*webServer
	scraped chan struct{}

	mu sync.Mutex
	// over tells that the values are the last. early are the scrapes that began before
	// that and are not answered: one that begins beside them may share what they gathered.
	over  bool
	early int
	last  int // scrapes of the last values that were answered
}

func listenMetrics(address string, open bool) (*metricsServer, error) {
	w, err := listenWeb("--listen", address, open, "metrics name your scenarios and endpoints")
	if err != nil {
		return nil, err
	}
	return &metricsServer{webServer: w, scraped: make(chan struct{}, 1)}, nil
}

// serve gives the metrics to whoever asks, by whatever name: unlike the page of --ui this
// judges no Host header. A scraper asks by a name that its own configuration or discovery
// made up, often that of a service or a container, and --listen must not need to know it.
// What a site could read by pointing its name here are counts with names of scenarios and
// endpoints, never a value of a run, and there is nothing that it could change.
func (m *metricsServer) serve(h http.Handler) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		ended := m.began()
		h.ServeHTTP(w, r)
		ended()
	})
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	m.webServer.serve(mux)
}

// began notes a scrape, and gives what notes its end.
func (m *metricsServer) began() (ended func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	early, counts := !m.over, m.over && m.early == 0
	if early {
		m.early++
	}
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if early {
			m.early--
		}
		if counts {
			m.last++
		}
		select {
		case m.scraped <- struct{}{}:
		default:
		}
	}
}

// linger waits until the last values were scraped twice, by two servers perhaps. It tells
// log that scrapes count from here on.
func (m *metricsServer) linger(ctx context.Context, limit time.Duration, log *slog.Logger) {
	m.mu.Lock()
	m.over = true
	m.mu.Unlock()
	log.Info("the last metrics wait for two scrapes", "limit", limit)
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for !m.scrapedTwice() {
		select {
		case <-m.scraped:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (m *metricsServer) scrapedTwice() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last >= 2
}
