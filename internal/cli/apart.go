package cli

import (
	"os"
	"path/filepath"
)

// apart refuses outputs that would replace each other, or what is read. Empty names are
// of outputs that were not asked for.
func apart(inputs, outputs []string) error {
	for i, name := range outputs {
		if name == "" {
			continue
		}
		for _, other := range inputs {
			if samePath(name, other) {
				return wrong("%s is read and would be replaced: write to another file", name)
			}
		}
		for _, other := range outputs[:i] {
			if other != "" && samePath(name, other) {
				return wrong("%s would be written twice: give each output a file of its own", name)
			}
		}
	}
	return nil
}

// samePath reports whether two names are of one file, which need not be there.
func samePath(a, b string) bool {
	if x, err := os.Stat(a); err == nil {
		if y, err := os.Stat(b); err == nil {
			return os.SameFile(x, y)
		}
	}
	return exactPath(a) == exactPath(b)
}

// exactPath is a name as it compares: absolute, with the links of its directory followed.
func exactPath(name string) string {
	if dir, err := filepath.EvalSymlinks(filepath.Dir(name)); err == nil {
		name = filepath.Join(dir, filepath.Base(name))
	}
	if abs, err := filepath.Abs(name); err == nil {
		return abs
	}
	return filepath.Clean(name)
}
