// Package desktest drives the emulator's page in headless Chromium. It has no code: its
// tests are apart from those of the page because they take seconds and a browser.
//
// Pictures of every view, to be looked at:
//
//	go test ./internal/emulator/desk/desktest -args -shots DIRECTORY
package desktest
