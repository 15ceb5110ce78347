package jsondoc_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/jsondoc"
)

func BenchmarkParse(b *testing.B) {
	body := []byte(`{"token":"` + strings.Repeat("eyJhbGci", 80) + `","count":2419199,"flag":true,"one":{"id":"U2abcdefghijklmnopqrstuvwxyz0","tags":["a","b"]},` +
		`"many":[{"id":"x","tags":[]},{"id":"y"}],"free":{` + strings.Repeat(`"verifiedEmail":false,"email":"a@example.test","createdTime":1772365800,`, 12) + `"z":null}}`)
	shape := jsondoc.ShapeOf[outer]()
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if _, ok := jsondoc.Parse(body, shape); !ok {
				b.Fatal("refused")
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			var into outer
			if err := json.Unmarshal(body, &into); err != nil {
				b.Fatal(err)
			}
		}
	})
}
