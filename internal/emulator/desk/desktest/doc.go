// Package desktest drives the emulator's page in headless Chromium. It has no code: its
// tests are apart from those of the page because they take seconds and a browser.
package desktest
