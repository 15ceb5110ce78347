package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// maxBody bounds a body, and wholeBody what is made room for before it has come. In bytes.
const maxBody, wholeBody = 1 << 20, 64 << 10

// call is one request, after its credential was checked.
type call struct {
	project *project
	request *http.Request
	channel descope.Method // of a path with a delivery method
	body    []byte         // the call's own; decoding changes it
	names   *nameCache     // of the emulator
	refresh *refreshToken  // nil if no refresh JWT came along
	session *sessionToken  // nil if no session JWT came along

	struck            *strike       // by the fault that answers it
	fault             string        // name of the fault that struck it, also one that left the answer alone
	ran               bool          // what it asks for was carried out, or refused for itself
	entered           time.Duration // since the emulator was made
	userID, recipient string        // whom it is about, as far as that is known

	cookies []string  // of the answer
	inboxAt [1]string // the header of the answer that tells inboxStood

	inboxStood uint64 // cursor of the inbox before the call, right before its message if it sent one
}

// decode reads the body into a request struct. An absent body is an empty one;
// unknown fields, among them a known name in another case, and nulls are ignored. Two
// members of one name are refused, or what checks a request and what carries it out might
// read different ones.
func (c *call) decode(into any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil
	}
	if !isJSON(c.request.Header.Get("Content-Type")) {
		return refuse(descope.BadRequest, "The content type is not application/json")
	}
	if plainTexts(c.body, into) {
		return nil
	}
	if !utf8.Valid(c.body) || !json.Valid(c.body) {
		return refuse(descope.BadRequest, "The body is not a JSON object in UTF-8")
	}
	fields := c.names.of(into)
	other, twice := fields.hideOthers(c.body)
	switch {
	case twice && c.project.policy().Unpublished.DuplicateFields == policy.FieldsRefused:
		return refuse(descope.BadRequest, "The body has an object with two members of one name")
	case other != nil && c.project.policy().Unpublished.UnknownFields == policy.FieldsRefused:
		return unknownField(other)
	}
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
	body, err := readAll(w, r)
	if err != nil {
		return nil, refuse(descope.BadRequest, "The body can not be read or is larger than 1 MiB")
	}
	return body, nil
}

// readAll reads a short body of one length in one piece. The room for another one grows
// with it: a client must not take memory by a promise.
func readAll(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if n := r.ContentLength; n >= 0 && n <= wholeBody {
		body := make([]byte, n)
		_, err := io.ReadFull(r.Body, body)
		return body, err
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
}

func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind == "application/json"
}
