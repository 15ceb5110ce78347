package client

import "strings"

// Header is a list of header fields, in the order in which they are sent or came.
type Header []Field

// Field is one header field.
type Field struct{ Name, Value string }

// Get gives the first value of a field, whatever the case of its name, and the empty
// text when there is none.
func (h Header) Get(name string) string {
	for i := range h {
		if equalFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

// Values gives all values of a field, in order.
func (h Header) Values(name string) []string {
	var out []string
	for i := range h {
		if equalFold(h[i].Name, name) {
			out = append(out, h[i].Value)
		}
	}
	return out
}

// Has reports whether a field of this name is there.
func (h Header) Has(name string) bool {
	for i := range h {
		if equalFold(h[i].Name, name) {
			return true
		}
	}
	return false
}

// Add appends a field.
func (h *Header) Add(name, value string) { *h = append(*h, Field{name, value}) }

// Set replaces the first field of this name, or appends one.
func (h *Header) Set(name, value string) {
	for i := range *h {
		if equalFold((*h)[i].Name, name) {
			(*h)[i].Value = value
			return
		}
	}
	h.Add(name, value)
}

func equalFold(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }
