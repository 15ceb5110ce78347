package eval

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

func textToText(doc string, f func(string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Description: doc,
		Params:      []function.Parameter{{Name: "text", Type: cty.String}},
		Type:        function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			out, err := f(args[0].AsString())
			if err != nil {
				return cty.UnknownVal(cty.String), err
			}
			return cty.StringVal(out), nil
		},
	})
}

func pure(f func(string) string) func(string) (string, error) {
	return func(s string) (string, error) { return f(s), nil }
}

// encodingFunctions turn texts into other texts.
func encodingFunctions() map[string]function.Function {
	hash := func(sum func([]byte) []byte) func(string) (string, error) {
		return pure(func(s string) string { return hex.EncodeToString(sum([]byte(s))) })
	}
	return map[string]function.Function{
		"base64encode":    textToText("The text in base64.", pure(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) })),
		"base64urlencode": textToText("The text in base64 for URLs, without padding.", pure(func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) })),
		"base64decode":    textToText("The UTF-8 text that was encoded in base64.", decodeBase64(base64.StdEncoding)),
		"base64urldecode": textToText("The UTF-8 text that was encoded in base64 for URLs.", decodeBase64(base64.RawURLEncoding)),
		"urlencode":       textToText("The text as a query carries it.", pure(url.QueryEscape)),
		"urldecode": textToText("The text that a query carries.", func(s string) (string, error) {
			out, err := url.QueryUnescape(s)
			if err != nil {
				return "", errors.New("not a URL-encoded text")
			}
			return out, nil
		}),
		"md5":    textToText("The MD5 sum in hexadecimal digits.", hash(func(b []byte) []byte { s := md5.Sum(b); return s[:] })),
		"sha1":   textToText("The SHA-1 sum in hexadecimal digits.", hash(func(b []byte) []byte { s := sha1.Sum(b); return s[:] })),
		"sha256": textToText("The SHA-256 sum in hexadecimal digits.", hash(func(b []byte) []byte { s := sha256.Sum256(b); return s[:] })),
		"sha512": textToText("The SHA-512 sum in hexadecimal digits.", hash(func(b []byte) []byte { s := sha512.Sum512(b); return s[:] })),
		"hmacsha256": function.New(&function.Spec{
			Description: "The HMAC-SHA-256 of text under key, in hexadecimal digits.",
			Params:      []function.Parameter{{Name: "key", Type: cty.String}, {Name: "text", Type: cty.String}},
			Type:        function.StaticReturnType(cty.String),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				mac := hmac.New(sha256.New, []byte(args[0].AsString()))
				mac.Write([]byte(args[1].AsString()))
				return cty.StringVal(hex.EncodeToString(mac.Sum(nil))), nil
			},
		}),
	}
}

func decodeBase64(enc *base64.Encoding) func(string) (string, error) {
	return func(s string) (string, error) {
		out, err := enc.DecodeString(s)
		if err != nil {
			return "", errors.New("not a base64 text")
		}
		if !utf8.Valid(out) {
			return "", errors.New("the decoded bytes are not UTF-8")
		}
		return string(out), nil
	}
}
