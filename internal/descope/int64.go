package descope

import (
	"encoding/json"
	"reflect"
	"strconv"
)

// Int64 is a whole number of a request. It is read from a number or from its decimal text,
// as the JSON of Protocol Buffers has it, and written as a number. Null leaves it alone.
type Int64 int64

// UnmarshalJSON reads the number. Anything else is a *json.UnmarshalTypeError, so that the
// decoder names the field.
func (n *Int64) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	digits, kind := string(text), "number"
	if text[0] == '"' {
		kind = "string"
		if err := json.Unmarshal(text, &digits); err != nil {
			return err
		}
	}
	read, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || digits[0] == '+' {
		return &json.UnmarshalTypeError{Value: kind, Type: reflect.TypeFor[Int64]()}
	}
	*n = Int64(read)
	return nil
}
