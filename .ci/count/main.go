// Command count reads the events of `go test -json`, tells each package in a line, prints
// what failing tests wrote, and leaves "PASSED FAILED SKIPPED" in the file that it is
// given. It ends with 1 when a test or a package failed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go test -json ./... | count FILE")
		os.Exit(2)
	}
	c := counter{out: os.Stdout, output: map[test][]string{}}
	err := c.read(os.Stdin)
	if err == nil {
		err = os.WriteFile(os.Args[1], fmt.Appendf(nil, "%d %d %d\n", c.passed, c.failed, c.skipped), 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "count:", err)
		os.Exit(1)
	}
	if c.failed > 0 {
		os.Exit(1)
	}
}

// event is one line of `go test -json`.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

// test names a test, or a package when name is empty.
type test struct{ pkg, name string }

type counter struct {
	out                     io.Writer
	passed, failed, skipped int
	failedIn                string
	// output holds what a test wrote until it ends.
	output map[test][]string
}

func (c *counter) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprintf(c.out, "%s", line) // not an event: the go command itself speaks
			} else {
				c.take(e)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (c *counter) take(e event) {
	key := test{e.Package, e.Test}
	switch e.Action {
	case "output":
		c.output[key] = append(c.output[key], e.Output)
	case "build-output":
		fmt.Fprint(c.out, e.Output)
	case "pass", "skip":
		if e.Test == "" {
			if e.Action == "pass" { // a package without tests is no news
				c.tell(e)
			}
		} else if e.Action == "pass" {
			c.passed++
		} else {
			c.skipped++
			fmt.Fprintf(c.out, "skip  %s %s: %s", e.Package, e.Test, said(c.output[key]))
		}
		delete(c.output, key)
	case "fail":
		c.fail(e, key)
		delete(c.output, key)
	}
}

// fail shows a failure. A package that fails without a failed test did not build, or
// ended in the middle.
func (c *counter) fail(e event, key test) {
	if e.Test != "" || c.failedIn != e.Package {
		c.failed++
		fmt.Fprint(c.out, strings.Join(c.output[key], ""))
	}
	c.failedIn = e.Package
	if e.Test == "" {
		c.tell(e)
	}
}

func (c *counter) tell(e event) {
	fmt.Fprintf(c.out, "%-5s %s %.2f s\n", e.Action, e.Package, e.Elapsed)
}

// said is why a test was skipped: the last line that it wrote itself.
func said(output []string) string {
	for i := len(output) - 1; i >= 0; i-- {
		if line := strings.TrimSpace(output[i]); line != "" && !strings.HasPrefix(line, "--- ") && !strings.HasPrefix(line, "===") {
			return line + "\n"
		}
	}
	return "no reason given\n"
}
