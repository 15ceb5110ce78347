package client

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// parsed is what came of an answer.
type parsed struct {
	status int
	header Header
	body   string
	more   bool
}

// parseAll reads an answer that is the whole of what a server sent.
func parseAll(method, text string, limit int64, wrap func(io.Reader) io.Reader) (parsed, error) {
	return parseIn(nil, method, text, limit, wrap)
}

func parseIn(room *Room, method, text string, limit int64, wrap func(io.Reader) io.Reader) (parsed, error) {
	b := reader{src: wrap(strings.NewReader(text)), buf: make([]byte, 16)}
	h, err := b.readHead(room)
	if err != nil {
		return parsed{}, err
	}
	body, more, err := b.readBody(&h, method, limit, room)
	return parsed{h.status, h.response.Header, string(body), more}, err
}

func whole(r io.Reader) io.Reader { return r }

func TestAnswers(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\n"
	tests := []struct {
		name, method, text string
		status             int
		body               string
		more               bool // another answer can follow
	}{
		{"declared length", "GET", ok + "Content-Length: 2\r\n\r\nhi", 200, "hi", true},
		{"no reason", "GET", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, "", true},
		{"the same length twice", "GET", ok + "Content-Length: 2\r\ncontent-length:2 \r\n\r\nhi", 200, "hi", true},
		{"more than declared", "GET", ok + "Content-Length: 2\r\n\r\nhi!", 200, "hi", false},
		{"close", "GET", ok + "Content-Length: 2\r\nConnection: x, Close\r\n\r\nhi", 200, "hi", false},
		{"until the end", "GET", ok + "\r\nhi", 200, "hi", false},
		{"HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", false},
		{"HTTP/1.0, kept", "GET", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", true},
		{"chunks", "GET", ok + "Transfer-Encoding: Chunked\r\n\r\n2\r\nhi\r\n0A;x=\"y\"\r\n0123456789\r\n0\r\n\r\n", 200, "hi0123456789", true},
		{"trailer", "GET", ok + "Transfer-Encoding: chunked\r\n\r\n1 ; x\r\nh\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n", 200, "h", true},
		{"HEAD", "HEAD", ok + "Content-Length: 99\r\n\r\n", 200, "", true},
		{"HEAD, chunked", "HEAD", ok + "Transfer-Encoding: chunked\r\n\r\n", 200, "", true},
		{"204", "GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true},
		{"204 with a length", "GET", "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n", 204, "", false},
		{"304", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n", 304, "", true},
		{"100 and 103 before", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", 200, "hi", true},
		{"101 is the last word", "GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nbytes", 101, "", false},
	}
	for _, tt := range tests {
		for reading, wrap := range map[string]func(io.Reader) io.Reader{"whole": whole, "byte by byte": iotest.OneByteReader, "data with end": iotest.DataErrReader} {
			got, err := parseAll(tt.method, tt.text, 64, wrap)
			if err != nil {
				t.Errorf("%s, %s: %v", tt.name, reading, err)
				continue
			}
			// Byte by byte, what follows an answer has not come when the answer ends.
			more := tt.more || reading == "byte by byte" && tt.name == "more than declared"
			if got.status != tt.status || got.body != tt.body || got.more != more {
				t.Errorf("%s, %s: got %d %q more %v, want %d %q %v", tt.name, reading, got.status, got.body, got.more, tt.status, tt.body, more)
			}
		}
	}
}

func TestHeadIsKeptAsItCame(t *testing.T) {
	t.Parallel()
	got, err := parseAll("GET", "HTTP/1.1 200 OK\r\nset-COOKIE: a=1\r\nX-Empty:\r\nSet-Cookie: \t b=2 \t\r\nContent-Length: 0\r\n\r\n", 64, whole)
	if err != nil {
		t.Fatal(err)
	}
	want := Header{{"set-COOKIE", "a=1"}, {"X-Empty", ""}, {"Set-Cookie", "b=2"}, {"Content-Length", "0"}}
	if d := cmp.Diff(got.header, want); d != "" {
		t.Errorf("header (-got +want):\n%s", d)
	}
}

// stricter lists what net/http reads and this package refuses, with the reason.
func stricter() map[string]string {
	const ok, chunked = "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	return map[string]string{
		"lines that end in LF alone":            "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
		"one line that ends in LF alone":        ok + "X: abc\nContent-Length: 0\r\n\r\n",
		"a line that goes on":                   ok + "X: a\r\n b\r\nContent-Length: 0\r\n\r\n",
		"a space in a name":                     ok + "X Y: a\r\nContent-Length: 0\r\n\r\n",
		"two lengths, one of chunks":            ok + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
		"a version that is neither 1.0 nor 1.1": "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
		"a status below 100":                    "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
		"two spaces before the status":          "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
		"spaces after the size of a chunk":      chunked + "1  \r\nh\r\n0\r\n\r\n",
		"chunks in HTTP/1.0":                    "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"a control character in the reason":     "HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n",
	}
}

func TestStricterThanNetHTTP(t *testing.T) {
	t.Parallel()
	for name, text := range stricter() {
		if _, err := readNet("GET", text); err != nil {
			t.Errorf("%s: net/http refuses it too: %v", name, err)
		}
		if got, err := parseAll("GET", text, 64, whole); !errors.Is(err, errNotHTTP) {
			t.Errorf("%s: got %+v, %v, want %v", name, got, err, errNotHTTP)
		}
	}
}

func TestMalformedAnswers(t *testing.T) {
	t.Parallel()
	const ok, chunked = "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	for name, text := range map[string]string{
		"an empty line first":          "\r\n" + ok + "\r\n",
		"NUL in a value":               ok + "X: a\x00b\r\n\r\n",
		"NUL in a name":                ok + "X\x00: ab\r\n\r\n",
		"no colon":                     ok + "X\r\n\r\n",
		"no name":                      ok + ": x\r\n\r\n",
		"a space before the colon":     ok + "X : a\r\n\r\n",
		"two lengths":                  ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"a list of lengths":            ok + "Content-Length: 1, 1\r\n\r\na",
		"a negative length":            ok + "Content-Length: -1\r\n\r\n",
		"a signed length":              ok + "Content-Length: +1\r\n\r\na",
		"an endless length":            ok + "Content-Length: 9223372036854775808\r\n\r\n",
		"another encoding":             ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"an encoding twice":            ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"no size":                      chunked + "\r\nh\r\n0\r\n\r\n",
		"a size that is no number":     chunked + "0x1\r\nh\r\n0\r\n\r\n",
		"a negative size":              chunked + "-1\r\nh\r\n0\r\n\r\n",
		"a size of many digits":        chunked + "00000000000000001\r\nh\r\n0\r\n\r\n",
		"a chunk without end":          chunked + "1\r\nhi\r\n0\r\n\r\n",
		"a chunk too short":            chunked + "3\r\nhi\r\n0\r\n\r\n",
		"a long extension":             chunked + "1;" + strings.Repeat("x", 5000) + "\r\nh\r\n0\r\n\r\n",
		"more padding than body":       chunked + strings.Repeat("1;"+strings.Repeat("x", 2000)+"\r\nh\r\n", 20) + "0\r\n\r\n",
		"a trailer that is none":       chunked + "0\r\nx\r\n\r\n",
		"LF alone in chunks":           chunked + "1\nh\r\n0\r\n\r\n",
		"a carriage return in a value": ok + "X: a\rb\r\nContent-Length: 0\r\n\r\n",
		"another protocol":             "SSH-2.0-x\r\n",
	} {
		if got, err := parseAll("GET", text, 64, whole); !errors.Is(err, errNotHTTP) {
			t.Errorf("%s: got %+v, %v, want %v", name, got, err, errNotHTTP)
		}
	}
}

func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\n"
	field := "X: " + strings.Repeat("x", 1000) + "\r\n"
	for name, tt := range map[string]struct {
		text string
		want error
	}{
		"bytes of a head":       {ok + strings.Repeat(field, 300), errHeaderSize},
		"a line without end":    {ok + "X: " + strings.Repeat("x", 300<<10), errHeaderSize},
		"fields of a head":      {ok + strings.Repeat("X: \r\n", 1025) + "\r\n", errHeaderSize},
		"heads before the head": {strings.Repeat("HTTP/1.1 103 x\r\n"+strings.Repeat(field, 100)+"\r\n", 3), errHeaderSize},
		"a trailer":             {ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + strings.Repeat(field, 300), errHeaderSize},
		"a declared body":       {ok + "Content-Length: 65\r\n\r\n", errOversized},
		"a chunk":               {ok + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", errOversized},
		"chunks":                {ok + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("21\r\n"+strings.Repeat("x", 33)+"\r\n", 2) + "0\r\n\r\n", errOversized},
		"an undeclared body":    {ok + "\r\n" + strings.Repeat("x", 65), errOversized},
	} {
		if got, err := parseAll("GET", tt.text, 64, whole); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %+v, %v, want %v", name, got, err, tt.want)
		}
	}
}

// A server's word on a length is believed only so far before the bytes come.
func TestLargeBodyGrowsAsItComes(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("0123456789abcdef", 3<<16)
	got, err := parseAll("GET", "HTTP/1.1 200 OK\r\nContent-Length: 3145728\r\n\r\n"+body, 4<<20, whole)
	if err != nil || got.body != body {
		t.Errorf("got %d bytes, %v, want %d", len(got.body), err, len(body))
	}
}

func readNet(method, text string) (parsed, error) {
	in := bufio.NewReader(strings.NewReader(text))
	resp, err := http.ReadResponse(in, &http.Request{Method: method})
	for err == nil && resp.StatusCode/100 == 1 && resp.StatusCode != http.StatusSwitchingProtocols {
		resp, err = http.ReadResponse(in, &http.Request{Method: method})
	}
	if err != nil {
		return parsed{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return parsed{status: resp.StatusCode, header: headerOf(resp.Header), body: string(body)}, err
}

// FuzzAnswer holds the reader against that of net/http: what it accepts reads the same
// there. What it refuses and net/http does not is held against the list of reasons.
func FuzzAnswer(f *testing.F) {
	for _, text := range stricter() {
		f.Add(text, true)
	}
	f.Add("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: 1\r\nX: 2\r\n\r\nhi", false)
	f.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: 1\r\n\r\n", false)
	f.Add("HTTP/1.1 103 x\r\n\r\nHTTP/1.0 404 x\r\n\r\nhi", false)
	f.Add("HTTP/1.1 304 x\r\nContent-Length: 2\r\n\r\n", true)
	f.Fuzz(func(t *testing.T, text string, head bool) {
		method := "GET"
		if head {
			method = "HEAD"
		}
		const limit = 1 << 20
		ours, err := parseAll(method, text, limit, whole)
		slow, slowErr := parseAll(method, text, limit, iotest.OneByteReader)
		if (err == nil) != (slowErr == nil) || err == nil && (ours.status != slow.status || ours.body != slow.body) {
			t.Fatalf("it matters how bytes come: %+v, %v; byte by byte %+v, %v", ours, err, slow, slowErr)
		}
		inRoom(t, method, text, ours, err)
		theirs, theirErr := readNet(method, text)
		if err != nil {
			if theirErr == nil && errors.Is(err, errNotHTTP) && !hasReason(text) {
				t.Fatalf("refused without a reason: %q", text)
			}
			return
		}
		if theirErr != nil {
			t.Fatalf("net/http refuses what we read as %+v: %v", ours, theirErr)
		}
		if ours.status != theirs.status || ours.body != theirs.body {
			t.Fatalf("got %+v, net/http reads %+v", ours, theirs)
		}
		for _, name := range []string{"X", "Set-Cookie", "Location", "Content-Type"} {
			if d := cmp.Diff(ours.header.Values(name), theirs.header.Values(name)); d != "" {
				t.Fatalf("field %s (-ours +net/http):\n%s", name, d)
			}
		}
	})
}

// hasReason reports whether an answer has something that stricter lists, told without
// the code that is tested.
func hasReason(text string) bool {
	if strings.HasPrefix(text, "\r\n") || strings.Count(text, "\n") != strings.Count(text, "\r\n") || strings.Count(text, "\r") != strings.Count(text, "\r\n") {
		return true
	}
	if slices.ContainsFunc([]byte(text), func(b byte) bool { return b < ' ' && !bytes.ContainsRune([]byte("\r\n\t"), rune(b)) || b == 0x7f }) {
		return true
	}
	lower := strings.ToLower(text)
	if !strings.HasPrefix(text, "HTTP/1.1 ") || strings.Contains(lower, "transfer-encoding") && strings.Contains(lower, "content-length") {
		return true
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		name, _, found := strings.Cut(line, ":")
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") || strings.HasSuffix(line, " ") || strings.HasSuffix(line, "\t") || found && !isToken(name) {
			return true
		}
	}
	return strings.Contains(text, "HTTP/1.1  ") || strings.Contains(text, "HTTP/1.1 0") || strings.Contains(text, "HTTP/1.1 +")
}
