package client

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/url"
	"time"
)

// proxy is what every connection goes through. The zero value is none.
type proxy struct {
	scheme  string // http, https or socks5
	name    string
	address string // host and port
	user    *url.Userinfo
	// authorization is the value of Proxy-Authorization, or empty.
	authorization string
}

func newProxy(u *url.URL) (proxy, error) {
	if u == nil {
		return proxy{}, nil
	}
	p := proxy{scheme: u.Scheme, name: u.Hostname(), user: u.User}
	if p.scheme == "socks5h" { // socks5 resolves at the proxy as well
		p.scheme = "socks5"
	}
	ports := map[string]string{"http": "80", "https": "443", "socks5": "1080"}
	port := u.Port()
	if port == "" {
		port = ports[p.scheme]
	}
	if ports[p.scheme] == "" || p.name == "" {
		return proxy{}, fmt.Errorf("proxy: scheme %q with host %q is neither http, https nor socks5 with a host", u.Scheme, p.name)
	}
	p.address = net.JoinHostPort(p.name, port)
	if u.User != nil && p.forwards() {
		password, _ := u.User.Password()
		p.authorization = "Basic " + base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password))
	}
	return p, nil
}

// forwards reports whether the proxy is sent requests for plain HTTP, rather than asked
// for a connection.
func (p *proxy) forwards() bool { return p.scheme == "http" || p.scheme == "https" }

// viaProxy makes a connection to the proxy one to the origin, or leaves it as it is
// where the proxy forwards requests.
func (d *dialer) viaProxy(ctx context.Context, w *wire, o *origin) (net.Conn, error) {
	var stream net.Conn = w
	if d.proxy.scheme == "https" {
		config := d.config.Clone()
		if config.ServerName == "" {
			config.ServerName = d.proxy.name
		}
		secured := tls.Client(w, config)
		if err := d.shake(ctx, secured); err != nil {
			return nil, err
		}
		stream = secured
	}
	if d.proxy.forwards() && !o.secure {
		return stream, nil
	}
	deadline, _ := ctx.Deadline()
	_ = w.SetDeadline(deadline)
	stop := context.AfterFunc(ctx, func() { _ = w.SetDeadline(time.Unix(1, 0)) })
	var err error
	if d.proxy.scheme == "socks5" {
		err = d.proxy.socks(stream, o.address)
	} else {
		err = d.proxy.connect(stream, o.address)
	}
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	_ = w.SetDeadline(time.Time{})
	return stream, nil
}

// connect asks an HTTP proxy for a connection.
func (p *proxy) connect(stream net.Conn, address string) error {
	b := []byte("CONNECT " + address + " HTTP/1.1\r\nHost: " + address)
	if p.authorization != "" {
		b = appendField(b, "Proxy-Authorization", p.authorization)
	}
	if _, err := stream.Write(append(b, "\r\n\r\n"...)); err != nil {
		return err
	}
	in := reader{src: stream, buf: make([]byte, 1<<10)}
	h, err := in.readHead(nil)
	switch {
	case err != nil:
		return err
	case h.status < 200 || h.status > 299:
		return fmt.Errorf("it answered with status %d", h.status)
	case in.r != in.w:
		return errNotHTTP // the server is not to speak first
	}
	return nil
}
