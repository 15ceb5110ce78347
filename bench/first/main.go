// Command first measures how long `authbench emulate` takes from the start of its process
// to its first answer with status 200, the public keys of its project. Beside it, turn by
// turn, a program that serves an empty net/http handler, so that the cost of a process and
// of this machine can be told from that of the emulator.
//
//	go run ./first
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/authbench/authbench/bench/pinned"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	authbench := flag.String("authbench", "", "path of authbench; empty builds it")
	rounds := flag.Int("rounds", 30, "how often it is started")
	flag.Parse()
	if err := run(ctx, *authbench, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "first:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, authbench string, rounds int) error {
	work, err := os.MkdirTemp("", "authbench-first-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if authbench == "" {
		if authbench, err = pinned.Build(ctx, work, "authbench"); err != nil {
			return err
		}
	}
	empty, err := pinned.Build(ctx, work, "./sockets")
	if err != nil {
		return err
	}
	emulate := []string{authbench, "emulate", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--state", filepath.Join(work, "state")}
	var took, cpu [2][]time.Duration
	for range rounds {
		for i, args := range [][]string{emulate, {empty, "-empty"}} {
			wall, used, err := start(ctx, args)
			if err != nil {
				return err
			}
			took[i], cpu[i] = append(took[i], wall), append(cpu[i], used)
		}
	}
	for i, name := range []string{"authbench emulate", "empty handler"} {
		fmt.Printf("%s: first answer after %s, CPU of the whole process %s\n", name, spread(took[i]), spread(cpu[i]))
	}
	return nil
}

// start runs a server until its first answer. It gives the time to that and the CPU that
// the process took until its end.
func start(ctx context.Context, args []string) (wall, cpu time.Duration, err error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	err = answered(ctx, out)
	wall = time.Since(began)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_ = cmd.Wait()
	return wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), err
}

func answered(ctx context.Context, out io.Reader) error {
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return errors.New("the server did not become ready")
	}
	words := map[string]string{}
	for word := range strings.FieldsSeq(line) {
		if name, value, ok := strings.Cut(word, "="); ok {
			words[name] = value
		}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, words["base_url"]+"/v2/keys/"+words["project_id"], nil)
	if err != nil {
		return err
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("the first answer has status %d", resp.StatusCode)
	}
	return errors.Join(err, resp.Body.Close())
}

// spread is the median with the least and the most.
func spread(all []time.Duration) string {
	slices.Sort(all)
	f := func(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()*1000) }
	return fmt.Sprintf("%s [%s..%s] ms", f(all[len(all)/2]), f(all[0]), f(all[len(all)-1]))
}
