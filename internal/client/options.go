package client

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"time"
)

// Defaults of [Options].
const (
	DefaultConnectTimeout = 5 * time.Second
	DefaultMaxBody        = 1 << 20
	DefaultUserAgent      = "authbench"
)

// KeepAlive tells what becomes of a connection after an answer.
type KeepAlive string

// The ways to keep connections. The zero value means KeepAliveShared.
const (
	KeepAliveShared KeepAlive = "shared" // one pool for all callers
	KeepAliveNone   KeepAlive = "none"   // a connection for each request
	// KeepAlivePerUser gives each Request.User a connection to each origin. It speaks
	// HTTP/1.1 only: sharing one connection is what HTTP/2 is for.
	KeepAlivePerUser KeepAlive = "per_user"
)

// Options tune a client. The zero value is ready to use.
type Options struct {
	// ConnectTimeout bounds resolving a name, connecting and the words with a proxy
	// together, and the TLS handshake after it. 0 means DefaultConnectTimeout.
	ConnectTimeout time.Duration
	// MaxBody is the largest body of an answer in bytes. 0 means DefaultMaxBody.
	MaxBody int64
	// KeepAlive is KeepAliveShared when empty.
	KeepAlive KeepAlive
	// Proxy is where every request goes through, nil for none. Its scheme is http,
	// https or socks5. The environment is not asked.
	Proxy *url.URL
	// LocalAddresses are what connections start from, in turn. Empty leaves the
	// choice to the system.
	LocalAddresses []netip.Addr
	// DNSTTL keeps resolved names for that long. 0 resolves for every connection.
	DNSTTL time.Duration
	TLS    TLS
	// UserAgent stands in requests that bring none. Empty means DefaultUserAgent.
	UserAgent string
}

// TLS says whom to trust and who we are. The zero value trusts the system's
// authorities and shows no certificate.
type TLS struct {
	// CA is PEM. When set, its certificates are the only authorities.
	CA []byte
	// Cert and Key are PEM, both or neither.
	Cert, Key []byte
	// ServerName replaces the host of the URL in verification.
	ServerName string
}

// errNoCertificate is the fault of a CA file without a certificate.
var errNoCertificate = errors.New("no PEM certificate found")

func (t TLS) config() (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName}
	if len(t.CA) > 0 {
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(t.CA) {
			return nil, fmt.Errorf("tls ca: %w", errNoCertificate)
		}
	}
	if len(t.Cert) > 0 || len(t.Key) > 0 {
		pair, err := tls.X509KeyPair(t.Cert, t.Key)
		if err != nil {
			return nil, fmt.Errorf("tls cert and key: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

func (o Options) keepAlive() (KeepAlive, error) {
	switch o.KeepAlive {
	case "":
		return KeepAliveShared, nil
	case KeepAliveShared, KeepAlivePerUser, KeepAliveNone:
		return o.KeepAlive, nil
	}
	return "", fmt.Errorf("keep_alive %q is none of %q, %q and %q", o.KeepAlive, KeepAliveShared, KeepAlivePerUser, KeepAliveNone)
}

func (o Options) connectTimeout() time.Duration {
	if o.ConnectTimeout > 0 {
		return o.ConnectTimeout
	}
	return DefaultConnectTimeout
}
