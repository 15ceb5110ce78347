// Command client compares what HTTP clients cost: this program's own, net/http and
// fasthttp. It starts a null server on one core and, on the other, a generator for each
// client in turn, round after round, and prints CPU-seconds for 10,000 requests with
// their spread, and ratios. It needs Linux, taskset and two cores:
//
//	go run ./client -rounds 6
//
// A generator sends POSTs with a small JSON body over keep-alive connections, one for
// each worker, reads the answer whole and takes the same times. Start at compare.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 6, "how often each client runs")
	flag.IntVar(&o.requests, "requests", 100_000, "requests of a run")
	flag.IntVar(&o.workers, "workers", 64, "requests in flight")
	client := flag.String("generate", "", "send requests with this client, as a child does")
	url := flag.String("url", "", "where to send them")
	flag.Parse()
	var err error
	if *client != "" {
		err = generate(*client, *url, o)
	} else {
		err = compare(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type options struct{ rounds, requests, workers int }

// deadline is how long a request may take.
const deadline = 10 * time.Second
