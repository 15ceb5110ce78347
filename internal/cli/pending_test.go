package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func hello(f *os.File) error {
	_, err := f.WriteString("hello")
	return err
}

// TestPendingFiles has what becomes of the place of a file and of the file beside it.
func TestPendingFiles(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		do   func(p pendings, place string) error
		want string
		err  error
	}{
		"written":   {func(p pendings, place string) error { return p.write(place, hello) }, "hello", nil},
		"discarded": {func(p pendings, _ string) error { return p.discard() }, "before", nil},
		"broken":    {func(p pendings, place string) error { return p.write(place, func(*os.File) error { return broken }) }, "before", broken},
		"not asked": {func(p pendings, place string) error {
			return errors.Join(p.write(place+"x", hello), p.write("", hello))
		}, "before", nil},
		"swept": {func(p pendings, place string) error {
			return errors.Join(os.Remove(p[place].file.Name()), p.write(place, hello))
		}, "hello", nil},
		"swept and discarded": {func(p pendings, place string) error {
			return errors.Join(os.Remove(p[place].file.Name()), p.discard())
		}, "before", nil},
		"its directory is gone": {func(p pendings, place string) error {
			return errors.Join(os.RemoveAll(filepath.Dir(place)), p.write(place, hello))
		}, "", fs.ErrNotExist},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "results")
			place := filepath.Join(dir, "run")
			if err := errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(place, []byte("before"), 0o644)); err != nil {
				t.Fatal(err)
			}
			p := pendings{}
			if err := p.open(nil, place, ""); err != nil {
				t.Fatal(err)
			}
			if err := test.do(p, place); !errors.Is(err, test.err) {
				t.Errorf("the error is %v, want %v", err, test.err)
			}
			if err := p.discard(); err != nil {
				t.Error(err)
			}
			if got, _ := os.ReadFile(place); string(got) != test.want {
				t.Errorf("the file holds %q, want %q", got, test.want)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, ".authbench-*")); len(left) > 0 {
				t.Errorf("%v is left", left)
			}
		})
	}
}
