package target_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/target"
)

// served is an emulator with the project P1 on listeners of ours.
type served struct {
	api, admin *httptest.Server
}

func serveEmulator(tb testing.TB) *served {
	tb.Helper()
	em := emulator.New(emulator.Options{Seed: 1})
	tb.Cleanup(em.Close)
	settings := policy.Default()
	settings.SigningAlg = policy.ES256
	if _, err := em.CreateProject("P1", secret.New("K1"), settings); err != nil {
		tb.Fatal(err)
	}
	start := func(h http.Handler) *httptest.Server {
		s := httptest.NewUnstartedServer(nil)
		s.Config = target.Server(h)
		s.Start()
		tb.Cleanup(s.Close)
		return s
	}
	return &served{start(em.Handler()), start(em.Admin(secret.New(anAdmin)))}
}

// ask gives the document of a call for the project to the admin API.
func (s *served) ask(tb testing.TB, path string) string {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, s.admin.URL+"/_ab/projects/P1"+path, nil)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+anAdmin)
	res, err := s.admin.Client().Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		tb.Fatalf("%s: %d %s, %v", path, res.StatusCode, text, err)
	}
	return string(text)
}

// What is too large or incomplete is refused, ends its connection and leaves nothing.
func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	const kib, mib = 1 << 10, 1 << 20
	padded := func(size int) string { return aBody + strings.Repeat(" ", size-len(aBody)) }
	sized := func(announced int, body string) string {
		return aSignUp + fmt.Sprintf("Content-Length: %d\r\n\r\n", announced) + body
	}
	chunked := func(body string) string {
		return aSignUp + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	}
	for name, tt := range map[string]struct {
		sent  string
		want  int
		plain bool // the answer is that of net/http, before the emulator sees the request
	}{
		"body of 1 MiB":            {sized(mib, padded(mib)), 200, false},
		"chunked body of 1 MiB":    {chunked(padded(mib)), 200, false},
		"longer body":              {sized(mib+1, padded(mib+1)), 400, false},
		"longer chunked body":      {chunked(padded(mib + 1)), 400, false},
		"much longer body":         {sized(64*mib, ""), 400, false},
		"truncated body":           {sized(len(aBody)+1, aBody), 400, false},
		"truncated long body":      {sized(mib, padded(mib-1)), 400, false},
		"truncated chunk":          {strings.TrimSuffix(chunked(aBody), "}\r\n0\r\n\r\n"), 400, false},
		"chunks without an end":    {strings.TrimSuffix(chunked(aBody), "0\r\n\r\n"), 400, false},
		"chunk without a size":     {aSignUp + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, false},
		"two lengths":              {aSignUp + "Content-Length: 31\r\nContent-Length: 32\r\n\r\n" + aBody, 400, true},
		"length below nothing":     {sized(-1, aBody), 400, true},
		"header of 60 KiB":         {strings.Replace(sized(31, aBody), "\r\n", "\r\nA: "+strings.Repeat("a", 60*kib)+"\r\n", 1), 200, false},
		"header over 64 KiB":       {strings.Replace(sized(31, aBody), "\r\n", "\r\nA: "+strings.Repeat("a", 70*kib)+"\r\n", 1), 431, false},
		"many headers over 64 KiB": {strings.Replace(sized(31, aBody), "\r\n", "\r\n"+strings.Repeat("A: b\r\n", 12*kib), 1), 431, false},
		"address over 64 KiB":      {strings.Replace(sized(31, aBody), " HTTP", "?"+strings.Repeat("a", 200*kib)+" HTTP", 1), 431, false},
		"header over 1 MiB":        {strings.Replace(sized(31, aBody), "\r\n", "\r\nA: "+strings.Repeat("a", 3*mib)+"\r\n", 1), 431, true},
		"options of the server":    {"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 501, false},
		"address of 60 KiB":        {strings.Replace(sized(31, aBody), " HTTP", "?"+strings.Repeat("a", 60*kib)+" HTTP", 1), 200, false},
		"truncated header":         {strings.TrimSuffix(aSignUp, "\r\n"), 400, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serveEmulator(t)
			status, header, text := exchangeRaw(t, s.api.Listener.Addr(), tt.sent)
			if status != tt.want {
				t.Fatalf("status %d, want %d: %s", status, tt.want, text)
			}
			var body struct{ ErrorCode string }
			if err := json.Unmarshal([]byte(text), &body); !tt.plain && (err != nil || status != 200 && body.ErrorCode == "" || header.Get(descope.EmulatorHeader) != "1") {
				t.Errorf("answer %v %q: %v", header, text, err)
			}
			var users struct{ Users []any }
			var counts struct{ Total struct{ Sent int } }
			for path, into := range map[string]any{"/users": &users, "/messages/counts": &counts} {
				if err := json.Unmarshal([]byte(s.ask(t, path)), into); err != nil {
					t.Fatal(err)
				}
			}
			want := map[bool]int{true: 1}[status == 200]
			if len(users.Users) != want || counts.Total.Sent != want {
				t.Errorf("%d users and %d messages, want %d", len(users.Users), counts.Total.Sent, want)
			}
		})
	}
}

// exchangeRaw sends a text as it is and then nothing more. The connection must end after
// the answer. A status of 0 is an end without one.
func exchangeRaw(t *testing.T, to net.Addr, sent string) (status int, header http.Header, text string) {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), to.Network(), to.String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := io.WriteString(c, sent); err == nil {
		_ = c.(*net.TCPConn).CloseWrite()
	}
	answers := bufio.NewReader(c)
	res, err := http.ReadResponse(answers, nil)
	if err != nil {
		return 0, nil, err.Error()
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if more, _ := io.ReadAll(answers); len(more) > 0 {
		t.Errorf("more than one answer: %s", more)
	}
	return res.StatusCode, res.Header, string(body)
}
