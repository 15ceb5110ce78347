package emulator

import (
	"net/http"
	"strings"
	"testing"
)

// fuzzDocuments are bodies of the admin API by the end of the path that takes them.
func fuzzDocuments() map[string][]string {
	return map[string][]string{
		"/clock": {
			`{"freeze":true,"advance":"1h","skew":"-10s"}`, `{"set":"2199-12-31T23:59:59Z"}`, `{"resume":true,"advance":"999h"}`,
			`{"skew":"-2562047h47m16.854775808s","set":"1970-01-01T00:00:00Z"}`,
		},
		"/faults": {
			`{"name":"a","match":"POST /v1/*","phase":"before","action":"status","status":503,"retry_after":"1","probability":0.5,"skip":1,"count":2}`,
			`{"name":"b","phase":"after_commit","action":"truncate"}`, `{"name":"c","phase":"jwks","action":"stale"}`,
			`{"name":"d","phase":"delivery","action":"latency","latency":{"distribution":"lognormal","median":"1s","sigma":0.5,"max":"9s"}}`,
		},
		"/delivery": {
			`{"latency":{"distribution":"fixed","value":"1s"},"loss":0.5,"duplicate":0.5,"reorder":0.5,"reorder_within":"1s"}`,
			`{"carrier":[{"prefix":"+1","loss":1},{"prefix":"+15","reject":"no_geo"}],"reject_at":"send"}`,
			`{"latency":{"distribution":"normal","mean":"2s","stddev":"1s"},"carrier":[{"prefix":"+1","duplicate":1}]}`,
		},
		"/messages/take": {`{"wanted":[{"recipient":"a@example.test","after":"0"},{"recipient":"a@example.test","contains":"x"}]}`, `{"wanted":[{"recipient":" +1 555","after":"18446744073709551616"}]}`},
		"/messages/read": {`{"ids":["MESSAGE","x"]}`, `{"ids":[],"after":"0"}`, `{"ids":["MESSAGE","MESSAGE"],"after":"18446744073709551615"}`},
		"/{project}": {
			`{"management_key":"K","policy":{"signing_alg":"EdDSA","session_token_expiration":"200s","user":[{"key":"k","login_ids":["a"]}]}}`,
			`{"format_version":1,"policy":{"test_users_limit":1,"rate_limit":"custom","limit":[{"name":"a","by":"recipient","requests":1,"window":"1h"}]},"state":null}`,
			`{"state":{"project_id":"PROJECT"}}`, `EXPORT`,
		},
	}
}

// FuzzAdmin: no body of the admin API brings it down, makes it blame itself, or leaves
// what can not be listed, exported and imported. A body for a project that is to be made
// is an import as well.
func FuzzAdmin(f *testing.F) {
	const token = "Bearer " + fuzzAdmin
	sample := newFuzzed(f)
	var taking []adminRoute
	for _, r := range (admin{emulator: sample.e}).routes() {
		if r.verb == http.MethodPost || r.verb == http.MethodPut {
			taking = append(taking, r)
		}
	}
	exported := sample.send(sample.admin, http.MethodGet, "/_ab/projects/"+sample.p.id, "", token, "", "error").Body.String()
	fill := strings.NewReplacer("EXPORT", exported, "MESSAGE", sample.message, "PROJECT", sample.p.id)
	for i, r := range taking {
		for end, bodies := range fuzzDocuments() {
			for _, body := range bodies {
				if strings.HasSuffix(r.path, end) {
					f.Add(uint8(i), fill.Replace(body))
				}
			}
		}
		f.Add(uint8(i), "")
	}
	f.Fuzz(func(t *testing.T, at uint8, body string) {
		f, r := newFuzzed(t), taking[int(at)%len(taking)]
		path := strings.NewReplacer("{project}", f.p.id, "{id}", f.message).Replace(r.path)
		if r.verb == http.MethodPut && strings.HasSuffix(r.path, "/{project}") {
			f.e.DropProject(f.p.id) // or the body is read and refused
		}
		w := f.send(f.admin, r.verb, path, "", token, body, "error")
		if _, there := f.e.project(f.p.id); !there {
			if w.Code < 400 {
				t.Errorf("%d without a project: %s", w.Code, w.Body)
			}
			return
		}
		f.stillWhole()
	})
}

// TestFuzzDocumentsAreGood: seeds that no route takes would try the first checks alone.
func TestFuzzDocumentsAreGood(t *testing.T) {
	t.Parallel()
	for _, r := range (admin{}).routes() {
		if r.in == nil {
			continue
		}
		for end, bodies := range fuzzDocuments() {
			if !strings.HasSuffix(r.path, end) {
				continue
			}
			f, taken := newFuzzed(t), 0
			path := "/_ab/projects/" + f.p.id
			exported := f.send(f.admin, http.MethodGet, path, "", "Bearer "+fuzzAdmin, "", "error").Body.String()
			fill := strings.NewReplacer("EXPORT", exported, "MESSAGE", f.message, "PROJECT", f.p.id)
			for _, body := range bodies {
				if end == "/{project}" {
					f.e.DropProject(f.p.id)
				}
				w := f.send(f.admin, r.verb, strings.Replace(r.path, "{project}", f.p.id, 1), "", "Bearer "+fuzzAdmin, fill.Replace(body), "error")
				if w.Code < 400 {
					taken++
				} else {
					t.Logf("%s %s: %d %s", r.path, body, w.Code, w.Body)
				}
			}
			if taken == 0 {
				t.Errorf("%s: none of %d bodies is taken", r.path, len(bodies))
			}
		}
	}
}
