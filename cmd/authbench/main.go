// Command authbench tests sign-in flows: see the README and `authbench --help`.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/authbench/authbench/internal/cli"
)

func main() { os.Exit(run()) }

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
