package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience bounds every wait for something that should have happened long ago.
const patience = 3 * time.Minute

type processesKey struct{}

// process is something that runs beside a script, and what it said, line by line. A
// server of the test has no cmd.
type process struct {
	cmd     *exec.Cmd
	readers sync.WaitGroup
	waited  bool

	mu    sync.Mutex
	news  *sync.Cond
	lines []string
	ended bool
}

func newProcess(ts *testscript.TestScript, name string) *process {
	p := &process{}
	p.news = sync.NewCond(&p.mu)
	ts.Value(processesKey{}).(map[string]*process)[name] = p
	return p
}

func (p *process) say(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, line)
	p.news.Broadcast()
}

// start NAME PROGRAM ARGS... runs a program in the background. Its output goes to
// NAME.out and NAME.err.
func start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: start NAME PROGRAM [ARGS...]")
	}
	name := args[0]
	path, err := exec.LookPath(args[1])
	ts.Check(err)
	p := newProcess(ts, name)
	p.cmd = exec.Command(path, args[2:]...)
	p.cmd.Dir = ts.MkAbs(".")
	p.cmd.Env = environment(ts)
	stdout, err := p.cmd.StdoutPipe()
	ts.Check(err)
	stderr, err := p.cmd.StderrPipe()
	ts.Check(err)
	ts.Check(p.cmd.Start())
	p.follow(stdout, ts.MkAbs(name+".out"))
	p.follow(stderr, ts.MkAbs(name+".err"))
	go func() {
		p.readers.Wait()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.ended = true
		p.news.Broadcast()
	}()
	ts.Defer(func() {
		if !p.waited {
			_ = p.cmd.Process.Kill()
			p.readers.Wait()
			_ = p.cmd.Wait()
		}
	})
}

func (p *process) follow(r io.Reader, file string) {
	p.readers.Go(func() {
		var all []string
		in := bufio.NewReader(r)
		for {
			line, err := in.ReadString('\n')
			if line != "" {
				all = append(all, line)
				p.say(line)
			}
			if err != nil {
				break
			}
		}
		_ = os.WriteFile(file, []byte(strings.Join(all, "")), 0o600)
	})
}

// until NAME REGEXP waits for a line of a background program. The named groups of the
// expression become variables of the script.
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: until NAME REGEXP")
	}
	p := named(ts, args[0])
	re, err := regexp.Compile(args[1])
	ts.Check(err)
	late := false
	timer := time.AfterFunc(patience, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		late = true
		p.news.Broadcast()
	})
	defer timer.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := 0; ; i++ {
		for i == len(p.lines) {
			if p.ended || late {
				ts.Fatalf("%s has not said %q (ended: %t):\n%s", args[0], args[1], p.ended, strings.Join(p.lines, ""))
			}
			p.news.Wait()
		}
		if m := re.FindStringSubmatch(strings.TrimSuffix(p.lines[i], "\n")); m != nil {
			for k, group := range re.SubexpNames() {
				if group != "" {
					ts.Setenv(group, m[k])
				}
			}
			return
		}
	}
}

// signal NAME int|term|kill sends a signal to a background program.
func sendSignal(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]os.Signal{"int": syscall.SIGINT, "term": syscall.SIGTERM, "kill": syscall.SIGKILL}
	if neg || len(args) != 2 || signals[args[1]] == nil {
		ts.Fatalf("usage: signal NAME int|term|kill")
	}
	ts.Check(named(ts, args[0]).cmd.Process.Signal(signals[args[1]]))
}

// finish NAME CODE waits for a background program and wants that exit code.
func finish(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: finish NAME CODE")
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	p := named(ts, args[0])
	timer := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	p.readers.Wait()
	p.waited = true
	if got := exitCode(ts, p.cmd.Wait()); got != want {
		ts.Fatalf("%s: exit code %d, want %d\n%s", args[0], got, want, strings.Join(p.lines, ""))
	}
}

func named(ts *testscript.TestScript, name string) *process {
	p := ts.Value(processesKey{}).(map[string]*process)[name]
	if p == nil {
		ts.Fatalf("nothing called %s was started", name)
	}
	return p
}

// environment is the script's: testscript has no list of it, so the names are those
// that the program reads.
func environment(ts *testscript.TestScript) []string {
	var out []string
	for _, name := range []string{
		"PATH", "HOME", "XDG_STATE_HOME", "GITHUB_ACTIONS", "AUTHBENCH_ADMIN_TOKEN", "GOCOVERDIR", "TMPDIR",
	} {
		if v := ts.Getenv(name); v != "" {
			out = append(out, name+"="+v)
		}
	}
	return out
}
