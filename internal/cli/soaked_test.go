//go:build !race

package cli_test

// soakSeconds is the virtual time of a run whose memory stays flat. What does not grow in
// twenty minutes does not grow in an hour either, which takes the race detector long.
const soakSeconds = 3600
