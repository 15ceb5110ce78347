package lang_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/authbench/authbench/internal/lang"
)

// A number that no float holds is not taken for its neighbour.
func TestWholeNumbersAreExact(t *testing.T) {
	t.Parallel()
	for seed, good := range map[string]bool{"9007199254740992": true, "9007199254740993": false, "9007199254740991.5": false, "5.0000000000000000001": false} {
		file := filepath.Join(t.TempDir(), "e.hcl")
		if err := os.WriteFile(file, []byte("emulator {\n  seed = "+seed+"\n}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, diags, err := lang.LoadPolicy(file)
		if err != nil || diags.HasErrors() == good {
			t.Errorf("%s: %v %v", seed, err, diags)
		}
	}
}
