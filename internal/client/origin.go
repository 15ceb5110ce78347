package client

import (
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
)

var (
	errURL    = errors.New("the URL is malformed")
	errScheme = errors.New("the URL's scheme is neither http nor https")
	errHost   = errors.New("the host of the URL has characters that are not of a host name in ASCII")
)

// origin is a scheme, host and port that requests go to, and what is known of it.
type origin struct {
	secure  bool
	name    string // to verify, and for SNI
	host    string // as the Host field says it
	address string // host and port, to connect to and to name in errors
	// http2 is set once the origin has chosen HTTP/2: net/http carries what follows.
	http2 atomic.Bool
	// hangsUp is set once the origin closed a connection right after an answer that did
	// not announce it, or under a request.
	hangsUp atomic.Bool
	tls     *tls.Config // nil unless secure; not changed
	pool    pool
}

// split cuts a URL after its host. An unusual URL is cut as well: only a prefix that
// parse has accepted makes the cut mean anything.
func split(rawURL string) (prefix, rest string) {
	i := strings.Index(rawURL, "://")
	if i < 0 {
		return "", ""
	}
	for i += 3; i < len(rawURL); i++ {
		if b := rawURL[i]; b == '/' || b == '?' || b == '#' {
			break
		}
	}
	return rawURL[:i], rawURL[i:]
}

// isTarget reports whether the rest of a URL is sent as it is: a path of which
// net/url would change nothing, and perhaps a query.
func isTarget(rest string) bool {
	if rest == "" || rest[0] != '/' {
		return false
	}
	low, high := uint64(pathLow), uint64(pathHigh)
	for i := 0; i < len(rest); i++ {
		b := rest[i]
		switch {
		case in(b, low, high):
		case b == '?':
			low, high = queryLow, queryHigh
		case b == '%' && i+2 < len(rest) && isHex(rest[i+1]) && isHex(rest[i+2]):
			i += 2
		default:
			return false
		}
	}
	return true
}

func isHex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F'
}

// parse reads a URL that is not of the usual form, or whose origin is not known. The
// address is given as far as it is known, with an error too. Errors quote nothing: a
// URL may hold secrets.
func parse(rawURL string) (o *origin, target, address string, _ error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return nil, "", "", errURL
	}
	port := u.Port()
	if port == "" {
		port = "80"
		if u.Scheme == "https" {
			port = "443"
		}
	}
	address = net.JoinHostPort(u.Hostname(), port)
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, "", address, errScheme
	}
	// User information would silently become a header.
	if u.User != nil || u.Hostname() == "" {
		return nil, "", address, errURL
	}
	if !isHost(u.Host) {
		return nil, "", address, errHost
	}
	o = &origin{secure: u.Scheme == "https", name: u.Hostname(), address: address, host: hostField(u)}
	return o, requestTarget(u), address, nil
}

// hostField is the host without what only this machine needs: an empty port, the zone
// of an address.
func hostField(u *url.URL) string {
	host := u.Hostname()
	if i := strings.IndexByte(host, '%'); i >= 0 {
		host = host[:i]
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	return host
}

// requestTarget is the path and query as they are sent. net/url leaves a query as it
// was written, but a space would end the target.
func requestTarget(u *url.URL) string {
	const hex = "0123456789ABCDEF"
	target := u.RequestURI()
	var out []byte
	for i := range len(target) {
		b := target[i]
		if b > ' ' && b < 0x7f {
			out = append(out, b)
			continue
		}
		out = append(out, '%', hex[b>>4], hex[b&15])
	}
	return string(out)
}
