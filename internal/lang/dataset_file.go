package lang

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/steps"
)

// file reads a CSV or a JSON file inside dir. Paths that lead out of it, through links as
// well, are refused.
func (t *tableMaker) file(dir, name string) error {
	text, err := readDataset(dir, name)
	if err != nil {
		return err
	}
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".csv":
		err = t.csv(text)
	case ".json":
		err = t.json(text)
	default:
		return fmt.Errorf("the file's name must end in .csv or .json")
	}
	if err != nil {
		return fmt.Errorf("%s, %w", name, err)
	}
	return nil
}

func readDataset(dir, name string) ([]byte, error) {
	if dir == "" {
		return nil, errors.New("a built-in configuration has no files")
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, errors.New("the configuration's directory can not be opened")
	}
	defer func() { _ = root.Close() }()
	info, err := root.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("there is no file %q in the configuration's directory", name)
	}
	if !info.Mode().IsRegular() || info.Size() > MaxDatasetFile {
		return nil, fmt.Errorf("%q is not a regular file of at most %d MiB", name, MaxDatasetFile>>20)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("the file %q can not be read", name)
	}
	defer func() { _ = f.Close() }()
	// The file may have grown since it was looked at.
	text, err := io.ReadAll(io.LimitReader(f, MaxDatasetFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the file %q can not be read", name)
	case len(text) > MaxDatasetFile:
		return nil, fmt.Errorf("%q is larger than %d MiB", name, MaxDatasetFile>>20)
	case !utf8.Valid(text):
		return nil, fmt.Errorf("%q is not UTF-8 text", name)
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), nil
}

// csv reads rows of RFC 4180; the first one names the columns.
func (t *tableMaker) csv(text []byte) error {
	r := csv.NewReader(bytes.NewReader(text))
	r.ReuseRecord = true
	first, err := r.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("line 1: the first row must name the columns")
	}
	if err != nil {
		return csvError(err)
	}
	names := slices.Clone(first)
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("line 1: column %d has the name of another one", i+1)
		}
	}
	if err := t.header(names); err != nil {
		return fmt.Errorf("line 1: %w", err)
	}
	// Tables are large: room is made once, and for no more than the file can hold.
	t.texts = make([]string, 0, min(bytes.Count(text, []byte("\n"))*len(t.columns), len(text)/4))
	places := make([]int, len(t.columns))
	for i, name := range t.columns {
		places[i] = slices.Index(names, name)
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvError(err)
		}
		if t.count == MaxDatasetRows {
			return errTooManyRows
		}
		for _, place := range places {
			t.texts = append(t.texts, record[place])
		}
		t.count++
	}
}

// csvError says where a file is at fault, without what stands there.
func csvError(err error) error {
	fault, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return errors.New("which can not be read")
	}
	what := "it is not CSV"
	switch {
	case errors.Is(fault.Err, csv.ErrFieldCount):
		what = "the row has another number of cells than the first line"
	case errors.Is(fault.Err, csv.ErrBareQuote):
		what = `a quote stands inside a cell without quotes; write it as "" in a cell with quotes`
	case errors.Is(fault.Err, csv.ErrQuote):
		what = "a cell with quotes does not end"
	}
	return fmt.Errorf("line %d: %s", fault.Line, what)
}

// json reads an array of objects.
func (t *tableMaker) json(text []byte) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	line := func() int { return 1 + bytes.Count(text[:min(int(dec.InputOffset()), len(text))], []byte("\n")) }
	open, err := dec.Token()
	if err != nil || open != json.Delim('[') {
		return errors.New("line 1: the file must hold an array of objects")
	}
	for dec.More() {
		var row map[string]any
		if err := dec.Decode(&row); err != nil || row == nil {
			return fmt.Errorf("line %d: row %d is not an object", line(), t.count+1)
		}
		err := t.object(slices.Sorted(maps.Keys(row)), func(name string) (eval.Value, cty.Type, error) { return jsonCell(row[name]) })
		if err != nil {
			return fmt.Errorf("line %d: row %d: %w", line(), t.count+1, err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("line %d: the array does not end", line())
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("line %d: there is something after the array", line())
	}
	return nil
}

func jsonCell(v any) (eval.Value, cty.Type, error) {
	if n, ok := v.(json.Number); ok && eval.HugeNumber(n.String()) {
		return eval.Value{}, cty.NilType, errors.New("it is a number out of range")
	}
	value := steps.FromJSON(v)
	return eval.Of(value), value.Type(), nil
}
