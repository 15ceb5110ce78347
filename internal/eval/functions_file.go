package eval

import (
	"errors"
	"os"
	"path/filepath"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// maxFile bounds what file reads, in bytes.
const maxFile = 1 << 20

// fileFunctions read files of the configuration's directory and of none above it.
func fileFunctions(dir string) map[string]function.Function {
	return map[string]function.Function{
		"file": function.New(&function.Spec{
			Description: "The UTF-8 text of a file in the configuration's directory or below it.",
			Params:      []function.Parameter{{Name: "path", Type: cty.String}},
			Type:        function.StaticReturnType(cty.String),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				text, err := ReadFile(dir, args[0].AsString())
				if err != nil {
					return cty.UnknownVal(cty.String), function.NewArgError(0, err)
				}
				return cty.StringVal(string(text)), nil
			},
		}),
		"fileexists": function.New(&function.Spec{
			Description: "Whether there is such a file in the configuration's directory or below it.",
			Params:      []function.Parameter{{Name: "path", Type: cty.String}},
			Type:        function.StaticReturnType(cty.Bool),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				return cty.BoolVal(fileExists(dir, args[0].AsString())), nil
			},
		}),
	}
}

// ReadFile reads a UTF-8 text file of at most 1 MiB inside dir. Paths that lead out
// of dir, through links as well, are refused.
func ReadFile(dir, path string) ([]byte, error) {
	if dir == "" {
		return nil, errors.New("a built-in configuration has no files")
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, errors.New("the configuration's directory can not be opened")
	}
	defer func() { _ = root.Close() }()
	path = inside(dir, path)
	info, err := root.Stat(path)
	if err != nil {
		return nil, errors.New("no such file in the configuration's directory")
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, errors.New("not a regular file of at most 1 MiB")
	}
	text, err := root.ReadFile(path)
	if err != nil {
		return nil, errors.New("the file can not be read")
	}
	if !utf8.Valid(text) {
		return nil, errors.New("the file is not UTF-8 text")
	}
	return text, nil
}

// inside turns an absolute path into one relative to dir. Whether it leads out of
// dir is for [os.Root] to judge.
func inside(dir, path string) string {
	absolute, err := filepath.Abs(dir)
	if err != nil || !filepath.IsAbs(path) {
		return path
	}
	if rel, err := filepath.Rel(absolute, path); err == nil {
		return rel
	}
	return path
}

func fileExists(dir, path string) bool {
	if dir == "" {
		return false
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false
	}
	defer func() { _ = root.Close() }()
	info, err := root.Stat(inside(dir, path))
	return err == nil && info.Mode().IsRegular()
}
