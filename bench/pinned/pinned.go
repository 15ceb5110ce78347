// Package pinned runs the programs of a measurement, each on a core of its own: what
// serves on one, what is measured on the other. It needs Linux, taskset and two cores.
package pinned

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// The cores. Whatever is measured has the first.
const (
	generatorCore = "0"
	serverCore    = "1"
)

// Build compiles a command of this module, or the program itself where pkg is
// "authbench", into dir and gives its path.
func Build(ctx context.Context, dir, pkg string) (string, error) {
	out := filepath.Join(dir, filepath.Base(pkg))
	cmd := exec.CommandContext(ctx, "go", "build", "-o", out, pkg)
	if pkg == "authbench" {
		cmd = exec.CommandContext(ctx, "go", "build", "-o", out, "./cmd/authbench")
		cmd.Dir = ".."
	}
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is released
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", pkg, err, text)
	}
	return out, nil
}

// Server is a program that serves until Stop.
type Server struct {
	cmd *exec.Cmd
	// Ready are the words NAME=VALUE of the line that it printed when it was ready.
	Ready map[string]string
}

// Serve starts a server and waits until it is ready.
func Serve(ctx context.Context, path string, args ...string) (*Server, error) {
	cmd := exec.CommandContext(ctx, "taskset", append([]string{"-c", serverCore, path}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	s := &Server{cmd: cmd, Ready: map[string]string{}}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		s.Stop()
		return nil, errors.New("the server did not become ready")
	}
	for word := range strings.FieldsSeq(line) {
		if name, value, ok := strings.Cut(word, "="); ok {
			s.Ready[name] = value
		}
	}
	return s, nil
}

// Stop ends the server and waits for it.
func (s *Server) Stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

// Cost is what a process took.
type Cost struct {
	CPU, Wall time.Duration
	// Memory is the most that it held, in bytes.
	Memory int64
}

// Run runs a command to its end, on one core, with one thread for Go code: so the
// garbage collector of the one does not get a core more than that of the other. It gives
// what the command printed. An exit status that is not zero is an *exec.ExitError.
func Run(cmd *exec.Cmd) (stdout, stderr string, c Cost, err error) {
	cmd.Args = append([]string{"taskset", "-c", generatorCore, cmd.Path}, cmd.Args[1:]...)
	if cmd.Path, err = exec.LookPath("taskset"); err != nil {
		return "", "", c, err
	}
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "GOMAXPROCS=1")
	var out, diag strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &diag
	start := time.Now()
	err = cmd.Run()
	c.Wall = time.Since(start)
	if state := cmd.ProcessState; state != nil {
		c.CPU = state.UserTime() + state.SystemTime()
		if u, ok := state.SysUsage().(*syscall.Rusage); ok {
			c.Memory = u.Maxrss << 10
		}
	}
	return out.String(), diag.String(), c, err
}
