package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/lang"
)

type fmtOptions struct {
	check, diff bool
}

func (a *app) fmtCommand() *cobra.Command {
	var opts fmtOptions
	cmd := &cobra.Command{
		Use:   "fmt [PATH]",
		Short: "Write configurations in the canonical layout",
		Long: `Writes the *.hcl and *.abvars files of a directory, or one file, in the canonical
layout, and prints the names of those it changed. Without a path it takes the working
directory; "-" formats standard input to standard output.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			path := "."
			if len(args) > 0 {
				path = args[0]
			}
			return a.runFmt(path, opts)
		},
	}
	cmd.Flags().BoolVar(&opts.check, "check", false, "change nothing; end with 1 when a file is not in the canonical layout")
	cmd.Flags().BoolVar(&opts.diff, "diff", false, "show what changes")
	return cmd
}

func (a *app) runFmt(path string, opts fmtOptions) error {
	if path == "-" {
		return a.formatStdin(opts)
	}
	names, err := formattable(path)
	if err != nil {
		return err
	}
	var diags diag.List
	changed := false
	for _, name := range names {
		text, err := readLimited(name)
		if err != nil {
			return err
		}
		out, d := lang.Format(name, text)
		diags = append(diags, d...)
		if d.HasErrors() || bytes.Equal(text, out) {
			continue
		}
		changed = true
		fmt.Fprintln(a.Out, name)
		a.showDiff(name, text, out, opts)
		if !opts.check {
			if err := replaceFile(name, out); err != nil {
				return &failure{code: Wrong, err: err}
			}
		}
	}
	return a.formatted(diags, changed && opts.check)
}

func (a *app) formatStdin(opts fmtOptions) error {
	text, err := io.ReadAll(io.LimitReader(a.In, lang.MaxFileSize+1))
	if err != nil {
		return wrong("standard input: %w", err)
	}
	out, diags := lang.Format("<stdin>", text)
	changed := !diags.HasErrors() && !bytes.Equal(text, out)
	switch {
	case diags.HasErrors():
	case opts.diff:
		a.showDiff("<stdin>", text, out, opts)
	case !opts.check:
		if _, err := a.Out.Write(out); err != nil {
			return err
		}
	}
	return a.formatted(diags, changed && opts.check)
}

func (a *app) formatted(diags diag.List, unformatted bool) error {
	diags.Sort()
	if err := a.report(diags, false); err != nil {
		return err
	}
	switch {
	case diags.HasErrors():
		return exit(Wrong)
	case unformatted:
		return exit(Failed)
	}
	return nil
}

func (a *app) showDiff(name string, before, after []byte, opts fmtOptions) {
	if opts.diff {
		_, _ = a.Out.Write(diff.Diff("old/"+name, before, "new/"+name, after))
	}
}

func formattable(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, wrong("%s: %w", path, errors.Unwrap(err))
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var names []string
	for _, pattern := range []string{"*.hcl", "*.abvars"} {
		found, err := filepath.Glob(filepath.Join(path, pattern))
		if err != nil {
			return nil, wrong("%s: %w", path, err)
		}
		names = append(names, found...)
	}
	slices.Sort(names)
	return names, nil
}

func readLimited(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, wrong("%s: %w", name, errors.Unwrap(err))
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, lang.MaxFileSize+1))
	if err != nil {
		return nil, wrong("%s: %w", name, errors.Unwrap(err))
	}
	return text, nil
}

// replaceFile writes a file whole or not at all, and keeps its rights.
func replaceFile(name string, text []byte) error {
	mode := os.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Chmod(mode), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
