// Command authbench tests sign-in flows: see the README and `authbench --help`.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/authbench/authbench/internal/cli"
)

func main() {
	// The standard logger belongs to libraries, and what they print may quote what a
	// server sent.
	log.SetOutput(io.Discard)
	os.Exit(run())
}

// run gives the exit status. The first signal stops softly, the second one hard.
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
	}()
	return cli.Run(soft, hard, cli.System(), os.Args[1:])
}
