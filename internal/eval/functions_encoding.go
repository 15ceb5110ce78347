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
	"os"
	"path/filepath"
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

// maxFile bounds what file reads, in bytes.
const maxFile = 1 << 20

// fileFunctions read files of the configuration's directory and of none above it.
func fileFunctions(dir string) map[string]function.Function {
	return map[string]function.Function{
		"file": function.New(&function.Spec{
			Description: "The UTF-8 text of a file in the configuration's directory or below it.",
			Params:      []function.Parameter{{Name: "path", Type: cty.String}},
			Type:        function.StaticReturnType(cty.String),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				text, err := ReadFile(dir, args[0].AsString())
				if err != nil {
					return cty.UnknownVal(cty.String), function.NewArgError(0, err)
				}
				return cty.StringVal(string(text)), nil
			},
		}),
		"fileexists": function.New(&function.Spec{
			Description: "Whether there is such a file in the configuration's directory or below it.",
			Params:      []function.Parameter{{Name: "path", Type: cty.String}},
			Type:        function.StaticReturnType(cty.Bool),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				_, err := ReadFile(dir, args[0].AsString())
				return cty.BoolVal(err == nil), nil
			},
		}),
	}
}

// ReadFile reads a UTF-8 text file of at most 1 MiB inside dir. Paths that lead out
// of dir, through links as well, are refused.
func ReadFile(dir, path string) ([]byte, error) {
	if filepath.IsAbs(path) {
		if rel, err := filepath.Rel(dir, path); err == nil {
			path = rel
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, errors.New("the configuration's directory can not be opened")
	}
	defer func() { _ = root.Close() }()
	info, err := root.Stat(path)
	if err != nil {
		return nil, errors.New("no such file in the configuration's directory")
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, errors.New("not a regular file of at most 1 MiB")
	}
	text, err := root.ReadFile(path)
	if err != nil {
		return nil, errors.New("the file can not be read")
	}
	if !utf8.Valid(text) {
		return nil, errors.New("the file is not UTF-8 text")
	}
	return text, nil
}
