// Package target opens what the providers and inboxes of plans name: the built-in
// emulator inside the process, one that runs alone on this machine, or a live
// service.
//
// It says which of these a target is, asks each whether it answers before anything
// else is sent, makes projects in emulators and takes them away again, and fills in
// the values that a plan has only once its targets are open. It runs no step. Start
// at [Open].
package target
