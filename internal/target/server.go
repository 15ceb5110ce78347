package target

import (
	"net/http"
	"time"
)

const (
	// headerPatience and requestPatience are how long a client may take to send the
	// header of a request, and all of it. The time of a handler does not count: net/http
	// lifts the limit when the body has ended.
	headerPatience, requestPatience = 10 * time.Second, time.Minute
	// answerPatience is how long a request may take from its header to the last byte of
	// its answer. It is more than the longest wait for a message. A handler that takes
	// longer, as a stream does, sets a deadline of its own.
	answerPatience = 5 * time.Minute
	idlePatience   = 2 * time.Minute
	// maxHeader bounds what is read of a header, in bytes, the address included. The
	// handlers have a lower bound of their own, so that they answer what lies between:
	// net/http refuses a longer header, as it does what is no HTTP, with a line of text.
	maxHeader = 1 << 20
)

// Server gives an HTTP server with the bounds that a listener of ours has. A client
// that sends or reads too slowly loses its connection.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerPatience, ReadTimeout: requestPatience, WriteTimeout: answerPatience,
		IdleTimeout: idlePatience, MaxHeaderBytes: maxHeader,
		DisableGeneralOptionsHandler: true, // or net/http answers OPTIONS * itself
		// Faults of a connection are the client's to report.
		ErrorLog: nil,
	}
}
