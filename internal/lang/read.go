package lang

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
)

// The bounds on a file. The parser overflows its stack on deep nesting and is slow
// on large files, so both are refused before it sees them.
const (
	MaxFileSize = 1 << 20
	MaxNesting  = 200
)

// source is a configuration's files, not yet parsed.
type source struct {
	// dir is where values files and file functions look.
	dir string
	// builtin tells that it is no directory of the disk.
	builtin bool
	files   map[string][]byte
}

// root gives the directory of file functions, empty for none.
func (s *source) root() string {
	if s.builtin {
		return ""
	}
	return s.dir
}

// readSource reads a file, or the *.hcl files of a directory. Names are kept as the
// user would write them. A path that can not be read is an error of the operator.
func readSource(fsys fs.FS, where string) (*source, error) {
	if fsys != nil {
		src, err := readFS(fsys, where)
		if err != nil {
			return nil, err
		}
		src.builtin = true
		return src, nil
	}
	info, err := os.Stat(where)
	if err != nil {
		return nil, fmt.Errorf("configuration %s: %w", where, unwrapPath(err))
	}
	if !info.IsDir() {
		src := &source{dir: filepath.Dir(where), files: map[string][]byte{}}
		text, err := readBounded(os.DirFS(src.dir), filepath.Base(where))
		if err != nil {
			return nil, fmt.Errorf("configuration %s: %w", where, unwrapPath(err))
		}
		src.files[where] = text
		return src, nil
	}
	src, err := readFS(os.DirFS(where), ".")
	if err != nil {
		return nil, err
	}
	named := make(map[string][]byte, len(src.files))
	for name, text := range src.files {
		named[filepath.Join(where, name)] = text
	}
	if len(named) == 0 {
		return nil, fmt.Errorf("configuration %s: no *.hcl file in this directory", where)
	}
	return &source{dir: where, files: named}, nil
}

func readFS(fsys fs.FS, dir string) (*source, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.hcl"))
	if err != nil {
		return nil, err
	}
	src := &source{dir: dir, files: map[string][]byte{}}
	for _, name := range names {
		text, err := readBounded(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("configuration %s: %w", name, unwrapPath(err))
		}
		src.files[name] = text
	}
	return src, nil
}

// readBounded reads one byte beyond the limit at most, so that the size can be judged.
// What is no regular file, a pipe for example, is not opened: that could wait for ever.
func readBounded(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, MaxFileSize+1))
}

func unwrapPath(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// names gives the file names sorted: the order of declarations across files.
func (s *source) names() []string {
	out := make([]string, 0, len(s.files))
	for name := range s.files {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// parse gives a file's body, nil when it can not be parsed.
func parse(name string, text []byte, files eval.Files) (*hclsyntax.Body, diag.List) {
	whole := hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
	files[name] = &hcl.File{Bytes: text}
	refuse := func(summary, detail string) (*hclsyntax.Body, diag.List) {
		// No source is shown: it is not fit to be read.
		delete(files, name)
		return nil, eval.Site{Files: files, Range: whole}.Error(summary, detail)
	}
	if len(text) > MaxFileSize {
		return refuse("File too large", fmt.Sprintf("The file is larger than %d bytes. Split it into several files in one directory.", MaxFileSize))
	}
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return refuse("Not a text file", "The file holds bytes that are not UTF-8 text. A configuration is written in UTF-8.")
	}
	if line, summary, detail := unfit(text, name); line > 0 {
		whole.Start.Line, whole.End.Line = line, line
		return refuse(summary, detail)
	}
	file, hd := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	files[name] = file
	if len(hd) > maxDiagnostics {
		hd = hd[:maxDiagnostics]
	}
	diags := eval.FromHCL(files, hd)
	if file == nil || hd.HasErrors() {
		return nil, diags
	}
	return file.Body.(*hclsyntax.Body), diags
}
