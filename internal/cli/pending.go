package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/authbench/authbench/internal/plan"
)

// pending is a file that a report will go to. It is opened beside its place, before the
// run: a wrong path is told early, and a run that uses up the descriptors of the process
// does not lose its results. What stood in its place stays until all is written.
type pending struct {
	name string
	file *os.File
}

func openPending(name string) (*pending, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, errors.New("can not write " + name + ": it is a directory")
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".authbench-*")
	if err != nil {
		return nil, fmt.Errorf("can not write %s: %w", name, unwrapPath(err))
	}
	return &pending{name, f}, nil
}

// write puts the file into its place, whole or not at all.
func (p *pending) write(write func(f *os.File) error) error {
	err := write(p.file)
	err = errors.Join(err, p.file.Chmod(0o644), p.file.Close())
	if err == nil {
		err = os.Rename(p.file.Name(), p.name)
	}
	if err != nil {
		_ = os.Remove(p.file.Name())
		return fmt.Errorf("write %s: %w", p.name, err)
	}
	return nil
}

// discard leaves what stands in the file's place as it is.
func (p *pending) discard() error {
	err := errors.Join(p.file.Close(), os.Remove(p.file.Name()))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// createFile writes a report to a file.
func createFile(name string, write func(f *os.File) error) error {
	p, err := openPending(name)
	if err != nil {
		return err
	}
	return p.write(write)
}

// writable reports whether a file can be made at a path.
func writable(name string) error {
	if name == "" {
		return nil
	}
	p, err := openPending(name)
	if err != nil {
		return err
	}
	return p.discard()
}

// pendings are the files of a run by name.
type pendings map[string]*pending

// open makes the outputs of a run ready, none for an empty name. They replace neither one
// another nor what the plans were read from.
func (all pendings) open(plans []*plan.Plan, outputs ...string) error {
	var inputs []string
	for _, p := range plans {
		inputs = append(inputs, p.Files...)
	}
	if err := apart(inputs, outputs); err != nil {
		return err
	}
	for _, name := range outputs {
		if name == "" {
			continue
		}
		p, err := openPending(name)
		if err != nil {
			return &failure{code: Wrong, err: err}
		}
		all[name] = p
	}
	return nil
}

// write fills the file of a name, if it was asked for. A run may last longer than what
// nobody knows stays in a directory: a file that went away meanwhile is made again.
func (all pendings) write(name string, write func(f *os.File) error) error {
	p := all[name]
	if p == nil {
		return nil
	}
	delete(all, name)
	err := p.write(write)
	if errors.Is(err, fs.ErrNotExist) {
		return createFile(name, write)
	}
	return err
}

// discard gives up the files that were not written.
func (all pendings) discard() error {
	var errs []error
	for _, p := range all {
		errs = append(errs, p.discard())
	}
	clear(all)
	return errors.Join(errs...)
}

// unwrapPath gives the reason alone: the path would be that of the file beside.
func unwrapPath(err error) error {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		return pe.Err
	}
	return err
}

func reasonOf(err error) string { return unwrapPath(err).Error() }
