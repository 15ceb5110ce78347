package emulator

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/secret"
)

// canned is an emulator that has a listing ready, nothing or every second message of it
// for those who call, and takes whatever it is asked to, or nothing.
type canned struct {
	list, calls []byte
	refuses     bool
}

func (c *canned) Do(_ context.Context, r *client.Request) (*client.Response, error) {
	if strings.HasSuffix(r.URL, "/take") {
		return &client.Response{Status: http.StatusOK, Body: c.calls}, nil
	}
	if r.Method == http.MethodGet {
		return &client.Response{Status: http.StatusOK, Body: c.list}, nil
	}
	ids, _, _ := bytes.Cut(bytes.TrimPrefix(r.Body, []byte(`{"ids":`)), []byte("]"))
	if c.refuses {
		ids = []byte("[")
	}
	body := fmt.Appendf(nil, `{"format_version":1,"cursor":"0","read":%s]}`, ids)
	return &client.Response{Status: http.StatusOK, Body: body}, nil
}

func (c *canned) Close() {}

// fill makes a listing of so many messages after a number, the first to an address that
// is watched, the second to a phone number, and so on.
func (c *canned) fill(after, count int) {
	var b, calls bytes.Buffer
	fmt.Fprintf(&b, `{"format_version":1,"cursor":"%d","messages":[`, after+count)
	fmt.Fprintf(&calls, `{"format_version":1,"cursor":"%d","found":[`, after+count)
	for i := range count {
		if i > 0 {
			b.WriteByte(',')
		}
		n := after + i + 1
		to := "user-" + strconv.Itoa(n) + "@example.test"
		if i%2 == 1 {
			to = "+1555" + strconv.Itoa(1e6+n)
		}
		token := strings.Repeat("t0ken-", 8) + strconv.Itoa(n)
		from := b.Len()
		fmt.Fprintf(&b, `{"id":"M3Tdl8E0WkXUYPZ5uJNOQRSaVbc%d","recipient":%q,"channel":"email","purpose":"magiclink","subject":"Sign in",`+
			`"body":"Follow this link to sign in: https://app.example.test/verify?t=%s","link":"https://app.example.test/verify?t=%s",`+
			`"created_at":"2026-01-02T03:04:05.678901234Z","read":false,"cursor":"%d"}`, n, to, token, token, n)
		if i%2 == 0 {
			if i > 0 {
				calls.WriteByte(',')
			}
			calls.Write(b.Bytes()[from:])
		}
	}
	b.WriteString("]}\n")
	calls.WriteString("]}\n")
	c.list, c.calls = b.Bytes(), calls.Bytes()
}

// none answers so many who call that there is nothing yet.
func (c *canned) none(after, count int) {
	c.calls = fmt.Appendf(nil, `{"format_version":1,"cursor":"%d","found":[{}%s]}`, after, strings.Repeat(",{}", count-1))
}

// BenchmarkMessages passes eight messages through the hub that somebody watches for: such
// as are there, and such as come in a listing with eight others. The figures are for all.
func BenchmarkMessages(b *testing.B) {
	const count = 16
	for _, name := range []string{"there", "coming"} {
		b.Run(name, func(b *testing.B) {
			inbox := &canned{}
			source, err := New(Options{URL: "http://127.0.0.1:1", Token: secret.New("t"), Project: "P1", Client: inbox})
			if err != nil {
				b.Fatal(err)
			}
			h := source.(*hub)
			var in room
			h.feed.running, h.desk.running = true, true // their work is done here
			got := make(chan struct{}, count)
			b.ReportAllocs()
			for round := 0; b.Loop(); round++ {
				b.StopTimer()
				after := round * count
				inbox.fill(after, count)
				if name == "coming" {
					inbox.none(after, count/2)
				}
				b.StartTimer()
				mark := capture.NewMark(strconv.Itoa(after))
				for i := 0; i < count; i += 2 {
					h.Watch(mark, capture.Match{Recipient: "user-" + strconv.Itoa(after+i+1) + "@example.test"}, func(capture.Message, error) { got <- struct{}{} })
				}
				h.call(&in, h.desk.callers())
				if name == "coming" {
					l, err := h.api.list(b.Context(), &in, uint64(after), 0)
					if err != nil {
						b.Fatal(err)
					}
					h.arrived(l.Messages, l.Cursor)
					h.exchange(&in, h.desk.take(), nil)
				}
				for range count / 2 {
					<-got
				}
			}
		})
	}
}
