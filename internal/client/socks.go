package client

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
)

var (
	errSocks       = errors.New("what came is not SOCKS 5")
	errSocksLogin  = errors.New("it did not take the user and password")
	errSocksName   = errors.New("the host, the user or the password is longer than 255 bytes")
	errSocksMethod = errors.New("it wants a way to sign in that is not known here")
)

// Numbers of RFC 1928 and RFC 1929.
const (
	socksVersion   = 5
	socksNoLogin   = 0
	socksPassword  = 2
	socksConnect   = 1
	socksIPv4      = 1
	socksName      = 3
	socksIPv6      = 4
	passwordFormat = 1
)

// socks asks a SOCKS 5 proxy for a connection. Names are resolved by the proxy.
func (p *proxy) socks(stream io.ReadWriter, address string) error {
	method := byte(socksNoLogin)
	if p.user != nil {
		method = socksPassword
	}
	reply, err := exchange(stream, []byte{socksVersion, 1, method}, 2)
	switch {
	case err != nil:
		return err
	case reply[0] != socksVersion:
		return errSocks
	case reply[1] != method:
		return errSocksMethod
	}
	if p.user != nil {
		if err := p.login(stream); err != nil {
			return err
		}
	}
	ask, err := socksRequest(address)
	if err != nil {
		return err
	}
	reply, err = exchange(stream, ask, 5)
	switch {
	case err != nil:
		return err
	case reply[0] != socksVersion:
		return errSocks
	case reply[1] != 0:
		return fmt.Errorf("it refused the connection with code %d", reply[1])
	}
	return skipBound(stream, reply[3], reply[4])
}

func (p *proxy) login(stream io.ReadWriter) error {
	password, _ := p.user.Password()
	name := p.user.Username()
	if len(name) > 255 || len(password) > 255 {
		return errSocksName
	}
	b := append([]byte{passwordFormat, byte(len(name))}, name...)
	b = append(append(b, byte(len(password))), password...)
	reply, err := exchange(stream, b, 2)
	if err == nil && reply[1] != 0 {
		err = errSocksLogin
	}
	return err
}

func socksRequest(address string) ([]byte, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, errURL
	}
	b := []byte{socksVersion, socksConnect, 0}
	if ip, err := netip.ParseAddr(host); err == nil {
		kind := byte(socksIPv4)
		if ip.Is6() {
			kind = socksIPv6
		}
		b = append(append(b, kind), ip.AsSlice()...)
	} else {
		if len(host) > 255 {
			return nil, errSocksName
		}
		b = append(append(b, socksName, byte(len(host))), host...)
	}
	return append(b, byte(n>>8), byte(n)), nil
}

// skipBound reads the rest of a reply: the address that the proxy connects from.
func skipBound(stream io.Reader, kind, first byte) error {
	const port = 2
	var rest int
	switch kind { // first is the first byte of an address, or the length of a name
	case socksIPv4:
		rest = net.IPv4len - 1 + port
	case socksIPv6:
		rest = net.IPv6len - 1 + port
	case socksName:
		rest = int(first) + port
	default:
		return errSocks
	}
	_, err := io.ReadFull(stream, make([]byte, rest))
	return err
}

func exchange(stream io.ReadWriter, ask []byte, n int) ([]byte, error) {
	if _, err := stream.Write(ask); err != nil {
		return nil, err
	}
	reply := make([]byte, n)
	_, err := io.ReadFull(stream, reply)
	return reply, err
}
