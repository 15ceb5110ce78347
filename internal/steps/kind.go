// Package steps is the contract of a step kind: what it is called, what it takes,
// what it gives, and how it runs.
//
// A [Kind] is data that the language checks files against and the reference pages
// are made from, plus one function that makes an attempt. Kinds live in packages
// below this one; a [Registry] is a value that the command line builds and hands
// down. This package knows no kind and no provider by name.
package steps

import (
	"context"

	"github.com/zclconf/go-cty/cty"
)

// Kind is a type of step. It is read-only after it is registered.
type Kind struct {
	// Name is the word in `step "NAME" "x"`.
	Name string
	// Doc is one paragraph for the reference, its first sentence a summary.
	Doc string
	// Provider is the provider type that the step talks to, empty for none.
	Provider string
	// Args are the arguments, in the order of the reference.
	Args []Arg
	// Results are the attributes beyond the common ones of [CommonResults].
	Results []Attr
	// Requests tells the requests of one attempt for plan. args may hold unknown
	// values. It may be nil for kinds that send none.
	Requests func(args Args) []Route
	// Sends tells the channel of the message that the target sends to somebody for
	// one attempt, empty for none. args may hold unknown values. Nil means never.
	Sends func(args Args) string
	// URL tells where the request of an attempt goes, for kinds without a provider: it
	// keeps the limits of a provider that lives there. It may be nil.
	URL func(args Args) string
	// Identifiers are the arguments that may say whom a request is for, the first that
	// is given first: a login ID, a number, an address.
	Identifiers []string
	// Secrets finds texts in the raw body of a request or an answer that must not be
	// shown. It is asked only for bodies that a report is to show. It may be nil.
	Secrets func(body []byte) []string
	// Class is the sort of its requests, for limits of a part of them: one of [Classes],
	// empty for a kind that sends none to a provider.
	Class string
	// Steers says that the kind moves the emulator itself, by Env.Control: a scenario with
	// such a step runs on an emulator alone.
	Steers bool
	// Idempotent allows retry without force.
	Idempotent bool
	// Check reports mistakes in arguments that types can not express. args may hold
	// unknown and null values. It may be nil.
	Check func(args Args) []Problem
	// Run makes one attempt. args are wholly known and carry no marks; they and env are
	// the kind's until it returns. It returns when ctx ends. It is called concurrently.
	Run func(ctx context.Context, env *Env, args Args) Reply
	// Await takes the place of Run for kinds that only wait: it says for what. args and
	// env are the kind's until the wait's Reply returns. It is called concurrently.
	Await func(env *Env, args Args) Waiting
}

// Role is what an argument means to the plan.
type Role uint8

// The roles.
const (
	// RoleValue is an expression, evaluated once for each execution of the step.
	RoleValue Role = iota
	// RoleInbox is a static reference to a declared inbox: `inbox.NAME`.
	RoleInbox
	// RoleAfter is a static reference to the sending step: `step.NAME.started_at`.
	RoleAfter
)

// Arg is an argument of a kind, or of a provider.
type Arg struct {
	Name string
	// Type is what the value is converted to. cty.DynamicPseudoType takes anything.
	Type cty.Type
	Role Role
	// Block says that it is written as a block of NAME = text pairs, not as an
	// argument; Type is then cty.Map(cty.String).
	Block    bool
	Required bool
	// Sensitive marks a value that is secret whatever it came from.
	Sensitive bool
	// Duration says that the text must be a Go duration, not negative.
	Duration bool
	// OneOf lists the allowed texts, nil for any.
	OneOf []string
	// Default is the value of an absent argument; cty.NilVal means null.
	Default cty.Value
	// Env lists environment variables that give an absent provider argument, in order.
	Env []string
	// Echo repeats the argument among the results.
	Echo bool
	Doc  string
}

// Attr is an attribute of a result.
type Attr struct {
	Name string
	Type cty.Type
	// Sensitive marks the value, so that it prints as ***.
	Sensitive bool
	// LikeBlock makes the type an object with one text for each pair of the block
	// argument of this name.
	LikeBlock string
	Doc       string
}

// Route is a request as plan shows it.
type Route struct {
	Method, Path string
}

// Problem is a mistake in an argument that Check found.
type Problem struct {
	// Arg is the argument at fault.
	Arg string
	// Detail is full sentences that end in what to do.
	Detail string
}

// CommonResults are the attributes that every kind has.
func CommonResults() []Attr {
	return []Attr{
		{Name: "ok", Type: cty.Bool, Doc: "Whether the answer was a success: 2xx and no error."},
		{Name: "status", Type: cty.Number, Doc: "HTTP status of the answer, null when the step makes no request."},
		{Name: "error", Type: ErrorType, Doc: "The API's error, null on success. Published on an expected failure too."},
		{Name: "duration_ms", Type: cty.Number, Doc: "Service time of the last attempt in milliseconds."},
		{Name: "wait_ms", Type: cty.Number, Doc: "Time spent on limiters, delays, pauses and message delivery in milliseconds."},
		{Name: "attempts", Type: cty.Number, Doc: "How many attempts were made."},
		{Name: "started_at", Type: cty.String, Doc: "Start of the last attempt, RFC 3339 with nanoseconds, UTC."},
		{Name: "request_id", Type: cty.String, Doc: "The request's identifier as the target tells it, or null."},
		{Name: "headers", Type: cty.Map(cty.String), Doc: "Headers of the answer, names in lower case. Cookies and credentials are left out."},
	}
}

// ErrorType is the type of the common result `error`.
var ErrorType = cty.Object(map[string]cty.Type{"code": cty.String, "description": cty.String, "message": cty.String})
