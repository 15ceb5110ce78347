package descope

import (
	"errors"
	"strings"
)

// ErrBearer says that an Authorization header has none of the forms of the
// API. It never quotes the header.
var ErrBearer = errors.New("authorization header is not of the form Bearer PROJECT[:JWT][:KEY]")

const bearerScheme = "Bearer "

// Bearer is the content of an Authorization header. Empty JWT and Key mean
// that the part was not sent. Values are secrets, except Project.
type Bearer struct {
	Project string // project ID, never empty
	JWT     string // a refresh JWT, or a session JWT where a route takes one
	Key     string // a management key
}

// Header composes the header value: "Bearer P", "Bearer P:jwt",
// "Bearer P:key" or "Bearer P:jwt:key".
func (b Bearer) Header() string {
	switch {
	case b.JWT != "" && b.Key != "":
		return bearerScheme + b.Project + ":" + b.JWT + ":" + b.Key
	case b.JWT != "" || b.Key != "":
		return bearerScheme + b.Project + ":" + b.JWT + b.Key
	}
	return bearerScheme + b.Project
}

// ParseBearer takes a header value apart. Of two parts the second is a JWT if
// it has two dots, else a key. An empty part, a fourth part and another scheme
// are refused; the scheme is compared as the service writes it.
func ParseBearer(header string) (Bearer, error) {
	rest, ok := strings.CutPrefix(header, bearerScheme)
	if !ok {
		return Bearer{}, ErrBearer
	}
	if strings.IndexByte(rest, ' ') >= 0 || strings.IndexByte(rest, '\t') >= 0 {
		return Bearer{}, ErrBearer
	}
	var parts [3]string
	n := 0
	for part := range strings.SplitSeq(rest, ":") {
		if part == "" || n == len(parts) {
			return Bearer{}, ErrBearer
		}
		parts[n] = part
		n++
	}
	switch n {
	case 1:
		return Bearer{Project: parts[0]}, nil
	case 2:
		if strings.Count(parts[1], ".") == 2 {
			return Bearer{Project: parts[0], JWT: parts[1]}, nil
		}
		return Bearer{Project: parts[0], Key: parts[1]}, nil
	}
	return Bearer{Project: parts[0], JWT: parts[1], Key: parts[2]}, nil
}
