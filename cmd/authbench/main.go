// Command authbench tests sign-in flows: see the README and `authbench --help`.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/authbench/authbench/internal/cli"
)

// interrupted is the exit status of a verb that was ended by the second signal.
const interrupted = int(cli.Interrupted)

func main() {
	// The standard logger belongs to libraries, and what they print may quote what a
	// server sent.
	log.SetOutput(io.Discard)
	os.Exit(run())
}

// lastGrace is how long a verb may take to end after the second signal.
const lastGrace = 2 * time.Second

// run gives the exit status. The first signal stops softly, the second one hard: a
// verb that does not heed it is ended.
func run() int {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	soft, stopSoft := context.WithCancel(context.Background())
	hard, stopHard := context.WithCancel(context.Background())
	defer stopHard()
	defer stopSoft()
	go func() {
		<-signals
		stopSoft()
		<-signals
		stopHard()
		<-time.After(lastGrace)
		os.Exit(interrupted)
	}()
	return cli.Run(soft, hard, cli.System(), os.Args[1:])
}
