package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"github.com/authbench/authbench/internal/descope"
)

const maxBody = 1 << 20 // bytes

// call is one request, after its credential was checked.
type call struct {
	project *project
	request *http.Request
	channel descope.Method // of a path with a delivery method
	body    []byte         // the call's own; decoding changes it
	names   *nameCache     // of the emulator
	refresh *refreshToken  // nil if no refresh JWT came along

	sent       bool   // the call put a message into the inbox
	inboxStood uint64 // cursor of the inbox right before that message
}

// decode reads the body into a request struct. An absent body is an empty one;
// unknown fields, among them a known name in another case, and nulls are ignored.
func (c *call) decode(into any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil
	}
	kind, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return refuse(descope.BadRequest, "The content type is not application/json")
	}
	if !utf8.Valid(c.body) || !json.Valid(c.body) {
		return refuse(descope.BadRequest, "The body is not a JSON object in UTF-8")
	}
	fields := c.names.of(into)
	fields.hideOthers(c.body)
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.UseNumber() // custom claims keep their numbers as they were written
	if err := d.Decode(into); err != nil {
		if mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && fields.path(mistyped.Field) != "" {
			return invalid(fields.path(mistyped.Field), "has the wrong type")
		}
		return refuse(descope.BadRequest, "The body is not a JSON object")
	}
	return nil
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, refuse(descope.BadRequest, "The body can not be read or is larger than 1 MiB")
	}
	return body, nil
}

// answer writes a JSON document. Every answer may hold a token, so none is to
// be stored.
func answer(w http.ResponseWriter, status int, document any) {
	text, err := json.Marshal(document)
	if err != nil {
		var body descope.ErrorBody
		status, body = failure(err)
		text, _ = json.Marshal(body) // strings only, can not fail
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client is gone if this fails
}

func answerError(w http.ResponseWriter, err error) {
	status, body := failure(err)
	answer(w, status, body)
}

func answerHeaders(w http.ResponseWriter) {
	h := w.Header()
	h.Set(descope.EmulatorHeader, "1")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}
