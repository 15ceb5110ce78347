package emulator

import (
	"regexp"
	"slices"
	"testing"
)

// links must find what this finds.
const linkPattern = `https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]`

func bodies() []string {
	return []string{
		"", "no address", "http", "https", "http:", "http:/", "http://", "https://", "httpss://a", "http:// a",
		"Follow https://app.example.test/verify?t=a.b-c_d.", "(see http://a.test/x), or https://b.test/[1]!",
		"<a href=\"https://a.test/?a=b&c='d'\">", "http://.,;:!?)]", "http://a http://b\nhttps://c\thttps://d",
		"http://http://a.", "hhttp://a", "httphttp://a", "https:http://a", "HTTP://a", "http://ü.test/é\xff.", "http://a\v\u00a0b.",
	}
}

func sameLinks(t *testing.T, re *regexp.Regexp, text string) {
	t.Helper()
	if got, want := links(text), re.FindAllString(text, -1); !slices.Equal(got, want) || (got == nil) != (want == nil) {
		t.Errorf("links of %q: %q, want %q", text, got, want)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	re := regexp.MustCompile(linkPattern)
	for _, text := range bodies() {
		sameLinks(t, re, text)
	}
}

func FuzzLinks(f *testing.F) {
	for _, text := range bodies() {
		f.Add(text)
	}
	re := regexp.MustCompile(linkPattern)
	f.Fuzz(func(t *testing.T, text string) { sameLinks(t, re, text) })
}
