package cli

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
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

func loopbackHost(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// metricsServer serves /metrics and counts the scrapes.
type metricsServer struct {
	server  *http.Server
	l       net.Listener
	scrapes atomic.Int64
	scraped chan struct{}
	done    chan struct{}
}

func listenMetrics(address string, open bool, h http.Handler) (*metricsServer, error) {
	l, err := listenOn("--listen", address, open, "metrics name your scenarios and endpoints")
	if err != nil {
		return nil, err
	}
	m := &metricsServer{l: l, scraped: make(chan struct{}, 1), done: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r)
		m.scrapes.Add(1)
		select {
		case m.scraped <- struct{}{}:
		default:
		}
	})
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	m.server = target.Server(mux)
	go func() {
		defer close(m.done)
		_ = m.server.Serve(l) // ends when the server is closed
	}()
	return m, nil
}

func (m *metricsServer) address() string { return m.l.Addr().String() }

// linger waits until two more scrapes were answered: the first may have begun before
// the last values were there.
func (m *metricsServer) linger(ctx context.Context, limit time.Duration) {
	until := m.scrapes.Load() + 2
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for m.scrapes.Load() < until {
		select {
		case <-m.scraped:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (m *metricsServer) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := m.server.Shutdown(ctx)
	<-m.done
	return err
}
