package emulator

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
)

// TestN24OversizedIsBounded: what is far too large takes memory in proportion to the
// largest body that is read, and gives it back.
//
//nolint:paralleltest // it measures the heap of the process
func TestN24OversizedIsBounded(t *testing.T) {
	const most = 64 * maxBody // that one request may take in all, whatever of it is live at a time
	c := newCrowd(t)
	options := make([]string, 100_000)
	for i := range options {
		options[i] = `"` + strconv.Itoa(i) + `":""`
	}
	bodies := map[string]string{
		"login ID":         `{"loginId":"` + strings.Repeat("a", maxBody) + `"}`,
		"largest login ID": `{"loginId":"` + strings.Repeat("a", maxBody-14) + `"}`,
		"nesting":          `{"loginOptions":{"customClaims":` + strings.Repeat(`{"":`, 9_990) + "1" + strings.Repeat("}", 9_990) + `}}`,
		"deeper nesting":   `{"x":` + strings.Repeat("[", 500_000) + strings.Repeat("]", 500_000) + `}`,
		"template options": `{"loginOptions":{"templateOptions":{` + strings.Join(options[:80_000], ",") + `}}}`,
		"more options":     `{"loginOptions":{"templateOptions":{` + strings.Join(options, ",") + `}}}`,
		"names twice":      `{"loginOptions":{"templateOptions":{` + strings.Repeat(`"":"",`, 150_000) + `"":""}}}`,
	}
	heap := liveHeap()
	for name, body := range bodies {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), strings.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+c.p.id)
		req.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		c.api.ServeHTTP(w, req)
		runtime.ReadMemStats(&after)
		taken := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s, %d bytes: %d, and %d bytes taken", name, len(body), w.Code, taken)
		if w.Code != http.StatusBadRequest || taken > most {
			t.Errorf("%s: %d, and %d bytes taken, more than %d: %.200s", name, w.Code, taken, most, w.Body)
		}
	}
	if left := liveHeap(); left > heap+maxBody {
		t.Errorf("%d bytes are live, and were %d before", left, heap)
	}
	runtime.KeepAlive(c)
}
