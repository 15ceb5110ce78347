package client

import (
	"errors"
	"strconv"
	"strings"
)

var (
	errMethod = errors.New("the method is not a word of HTTP")
	errHeader = errors.New("a header has characters that HTTP does not allow")
)

// check refuses a request whose words could end a line or a field early. Its errors
// quote nothing: a header may hold secrets.
func check(req *Request) error {
	for i := range req.Header {
		f := &req.Header[i]
		if !isUsual(f.Name) && !isToken(f.Name) || !isText(f.Value) || len(f.Name) == 4 && equalFold(f.Name, "Host") && f.Value != "" && !isHost(f.Value) {
			return errHeader
		}
	}
	if !isToken(req.Method) {
		return errMethod
	}
	return nil
}

// isUsual knows the names that nearly all requests have, for tokens.
func isUsual(name string) bool {
	return name == "Accept" || name == "Authorization" || name == "Content-Type"
}

// appendRequest appends a request as HTTP/1.1 has it, head and body. It reports whether
// the connection is to be closed after the answer. What frames the request and where it
// goes is written here: fields of that sort in req are left out.
func (c *httpClient) appendRequest(b []byte, req *Request, o *origin, target string) (_ []byte, last bool) {
	last = c.origins.keep == KeepAliveNone
	host, agent := o.host, c.userAgent
	for i := range req.Header {
		f := &req.Header[i]
		switch len(f.Name) {
		case len("Host"):
			if f.Value != "" && equalFold(f.Name, "Host") {
				host = f.Value
			}
		case len("User-Agent"): // as long as Connection
			if f.Value != "" && equalFold(f.Name, "User-Agent") {
				agent = f.Value
			}
			if equalFold(f.Name, "Connection") && hasWord(f.Value, "close") {
				last = true
			}
		}
	}
	b = append(b, req.Method...)
	b = append(b, ' ')
	absolute := !o.secure && c.dialer.proxy.forwards()
	if absolute {
		b = append(b, "http://"...)
		b = append(b, o.host...)
	}
	b = append(b, target...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, host...)
	b = append(b, "\r\nUser-Agent: "...)
	b = append(b, agent...)
	for i := range req.Header {
		if f := &req.Header[i]; !isFraming(f.Name) {
			b = appendField(b, f.Name, f.Value)
		}
	}
	if absolute && c.dialer.proxy.authorization != "" {
		b = appendField(b, "Proxy-Authorization", c.dialer.proxy.authorization)
	}
	if last {
		b = append(b, "\r\nConnection: close"...)
	}
	if len(req.Body) > 0 || wantsLength(req.Method) {
		b = append(b, "\r\nContent-Length: "...)
		b = strconv.AppendInt(b, int64(len(req.Body)), 10)
	}
	b = append(b, "\r\n\r\n"...)
	return append(b, req.Body...), last
}

func appendField(b []byte, name, value string) []byte {
	b = append(b, "\r\n"...)
	b = append(b, name...)
	b = append(b, ": "...)
	return append(b, value...)
}

// isFraming reports whether a field is written by appendRequest itself.
func isFraming(name string) bool {
	switch len(name) {
	case len("Host"):
		return equalFold(name, "Host")
	case len("Trailer"):
		return equalFold(name, "Trailer")
	case len("Connection"): // as long as User-Agent
		return equalFold(name, "Connection") || equalFold(name, "User-Agent")
	case len("Content-Length"):
		return equalFold(name, "Content-Length")
	case len("Transfer-Encoding"):
		return equalFold(name, "Transfer-Encoding")
	}
	return false
}

// wantsLength reports whether a method without a body says so.
func wantsLength(method string) bool {
	return method == "POST" || method == "PUT" || method == "PATCH"
}

// hasWord reports whether a list separated by commas has a word, whatever its case.
func hasWord(list, word string) bool {
	for list != "" {
		var item string
		item, list, _ = strings.Cut(list, ",")
		if equalFold(strings.Trim(item, " \t"), word) {
			return true
		}
	}
	return false
}
