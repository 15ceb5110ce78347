package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/rogpeppe/go-internal/testscript"
)

// exits CODES PROGRAM ARGS... runs a program and wants that exit code, or one of several
// with commas between them: a schedule that a busy machine kept late makes a run
// inconclusive, whatever else it comes to. stdout and stderr can be looked at as after
// exec.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE[,CODE...] PROGRAM [ARGS...]")
	}
	wantCode(ts, args[1], exitCode(ts, ts.Exec(args[1], args[2:]...)), args[0])
}

// wantCode fails unless the exit code of a program is one of the codes.
func wantCode(ts *testscript.TestScript, program string, got int, codes string) {
	for code := range strings.SplitSeq(codes, ",") {
		want, err := strconv.Atoi(code)
		ts.Check(err)
		if got == want {
			return
		}
	}
	ts.Fatalf("%s: exit code %d, want %s", program, got, codes)
}

func exitCode(ts *testscript.TestScript, err error) int {
	if err == nil {
		return 0
	}
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		ts.Check(err)
	}
	return ended.ExitCode()
}

// tree NAME copies a directory of the repository into the work directory. The copy is
// made by this process, so that the test cache knows of every file.
func tree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: tree NAME")
	}
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(filepath.Join("..", "..", args[0]))))
}

// cat FILE makes a file the output that stdout looks at.
func cat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: cat FILE")
	}
	_, err := io.WriteString(ts.Stdout(), ts.ReadFile(args[0]))
	ts.Check(err)
}

// fetch URL FILE saves what is served.
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: fetch URL FILE")
	}
	resp, err := http.Get(args[0])
	ts.Check(err)
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		ts.Fatalf("%s: %s", args[0], resp.Status)
	}
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), body, 0o600))
}

// promlint FILE reads an exposition as Prometheus would, and wants no complaint.
func promLint(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: promlint FILE")
	}
	problems, err := promlint.New(strings.NewReader(ts.ReadFile(args[0]))).Lint()
	ts.Check(err)
	for _, p := range problems {
		ts.Fatalf("%s: %s", p.Metric, p.Text)
	}
}

// xml FILE wants a well-formed document.
func wellFormed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: xml FILE")
	}
	d := xml.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	elements := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		ts.Check(err)
		if _, ok := token.(xml.StartElement); ok {
			elements++
		}
	}
	if elements == 0 {
		ts.Fatalf("%s: no element", args[0])
	}
}

// ndjson FILE TYPE... wants a JSON object on every line, a format version on the
// first, and the types of the lines to be these, repetitions told once.
func ndjson(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: ndjson FILE TYPE...")
	}
	var types []string
	for i, line := range bytes.Split(bytes.TrimRight([]byte(ts.ReadFile(args[0])), "\n"), []byte("\n")) {
		var e struct {
			FormatVersion string `json:"format_version"`
			Type          string
		}
		if err := json.Unmarshal(line, &e); err != nil {
			ts.Fatalf("line %d: %v", i+1, err)
		}
		if i == 0 && e.FormatVersion != "1.0" {
			ts.Fatalf("line 1 has format_version %q", e.FormatVersion)
		}
		if len(types) == 0 || types[len(types)-1] != e.Type {
			types = append(types, e.Type)
		}
	}
	if got, want := strings.Join(types, " "), strings.Join(args[1:], " "); got != want {
		ts.Fatalf("types %s, want %s", got, want)
	}
}

// iterations FILE prints what became of every iteration in a stream of results, in the
// order of their numbers: address, number, outcome, outputs. Times are left out.
func iterations(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: iterations FILE")
	}
	var lines []string
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var e struct {
			Type, Address, Outcome string
			Iteration              int
			Outputs                []struct {
				Name  string
				Value json.RawMessage
			}
		}
		ts.Check(json.Unmarshal([]byte(line), &e))
		if e.Type != "iteration" {
			continue
		}
		text := fmt.Sprintf("%4d %s %s", e.Iteration, e.Address, e.Outcome)
		for _, o := range e.Outputs {
			text += fmt.Sprintf(" %s=%s", o.Name, o.Value)
		}
		lines = append(lines, text)
	}
	slices.Sort(lines)
	_, err := fmt.Fprintln(ts.Stdout(), strings.Join(lines, "\n"))
	ts.Check(err)
}
