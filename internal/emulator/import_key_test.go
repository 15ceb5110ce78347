package emulator_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/policy"
)

// RS256 needs keys of 2,048 bits: a client must not get used to shorter ones.
func TestShortKeysAreNotImported(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.SigningAlg = policy.RS256 })
	b.signUp(alice)
	exported := b.ask(http.MethodGet, "").text
	b.emulator.DropProject(b.project.ID)
	for bits, want := range map[int]int{1024: http.StatusBadRequest, 2047: http.StatusBadRequest, 2048: http.StatusCreated} {
		var document map[string]any
		if err := json.Unmarshal([]byte(exported), &document); err != nil {
			t.Fatal(err)
		}
		private, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		text, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			t.Fatal(err)
		}
		document["state"].(map[string]any)["keys"].(map[string]any)["keys"].([]any)[0].(map[string]any)["private"] = text
		changed, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		r := b.tell(http.MethodPut, "", string(changed))
		if r.status != want || want != http.StatusCreated && !strings.Contains(r.text, "2048") {
			t.Errorf("a key of %d bits: %d %s, want %d", bits, r.status, r.text, want)
		}
		b.emulator.DropProject(b.project.ID)
	}
}
