package emulator

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/clock"
	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// BenchmarkHeld is what the emulator holds of each thing, the message that carried it
// not counted: live heap, and resident memory where the system tells it.
func BenchmarkHeld(b *testing.B) {
	const many = 20_000
	login := func(i int) string { return "ab-run-" + strconv.Itoa(i) + "@example.test" }
	for _, kind := range []struct {
		name, path string
		known      bool // the users are there before
	}{
		{"link", descope.Path(descope.PathMagicLinkSignIn, descope.MethodEmail), true},
		{"code", descope.Path(descope.PathOTPSignIn, descope.MethodEmail), true},
		{"signup", descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodEmail), false},
		{"user", "", true},
		{"session", descope.PathMagicLinkVerify, true},
	} {
		b.Run(kind.name, func(b *testing.B) {
			var heap, resident float64
			for b.Loop() {
				e, p := heldProject(b)
				api := e.Handler()
				add := func(i int) {
					u := p.users.fresh(p.random.userID())
					u.info.LoginIDs, u.info.Status, u.info.Email = []string{login(i)}, descope.StatusEnabled, login(i)
					p.users.add(u)
				}
				if kind.known && kind.name != "user" {
					for i := range many {
						add(i)
					}
				}
				send := newCaller(b, api, http.MethodPost, cmp.Or(kind.path, "/"), "Bearer "+p.id)
				before, was := held()
				for i := range many {
					switch kind.name {
					case "user":
						add(i)
					case "session":
						u := p.users.find(login(i))
						token := p.addLink(p.clock.Now(), intent{purpose: signIn, channel: descope.MethodEmail, user: u, login: plainTerms}, p.policy().MagicLink.ExpirationTime.Std())
						send.call(fmt.Appendf(nil, `{"token":%q}`, token))
					default:
						send.call(fmt.Appendf(nil, `{"loginId":%q}`, login(i)))
					}
				}
				after, is := held()
				heap, resident = float64(after-before)/many, float64(is-was)/many
				runtime.KeepAlive(e)
			}
			b.ReportMetric(heap, "heap-B/each")
			b.ReportMetric(resident, "resident-B/each")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// heldProject has room for one message, so that what messages take is not counted.
func heldProject(b *testing.B) (*Emulator, *project) {
	b.Helper()
	e, p := benchProject(b, policy.EdDSA)
	p.inbox.unreadLimit = 1
	if _, err := p.clock.Move(clock.Move{Freeze: true}); err != nil { // nothing expires
		b.Fatal(err)
	}
	return e, p
}

// held is the live heap and the resident memory of the process, in bytes.
func held() (heap, resident int64) {
	for range 2 { // what lies in pools goes with the second
		debug.FreeOSMemory()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	status, err := os.ReadFile("/proc/self/statm")
	if fields := strings.Fields(string(status)); err == nil && len(fields) > 1 {
		pages, _ := strconv.ParseInt(fields[1], 10, 64)
		resident = pages * int64(os.Getpagesize())
	}
	return int64(m.HeapAlloc), resident
}
