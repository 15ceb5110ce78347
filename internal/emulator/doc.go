// Package emulator is the Descope API as an http.Handler: projects, users,
// one-time links and codes, sessions, and an inbox in place of real messages.
//
// It is strict where the service is: links and codes expire, work once, and are
// bound to their purpose, channel and user; an update waits for its proof; a
// route it does not carry out answers 501. It keeps everything in memory, sends
// nothing, and opens no listener; whoever owns the server sets its timeouts and
// header limits. It is a test target: its randomness comes from a seed, so
// nothing it issues is secret from someone who knows the seed.
//
// Start with routes.go for what can be called. A send (login.go, update.go)
// stores an intent behind a link (link.go) or a code (code.go); redeeming it
// carries the intent out (complete.go) and opens a session (session.go).
//
// One lock guards the state of a project, and every step of the protocol is one
// critical section under it. Tokens are signed and checked outside of it; what was
// signed is remembered, so that its signature is not checked again (issued.go).
package emulator
