// Package descope is the wire contract of the Descope REST API as authbench
// uses it: routes, request and response bodies, error codes, token claims and
// the form of the Authorization header. The client side (the step kinds) and
// the emulator share it, so a name can not drift between the two.
//
// It sends nothing, checks nothing and keeps no state. Start with routes.go
// for what can be called and with request.go for what is sent.
package descope
