package sms_test

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/authbench/authbench/internal/sms"
)

// The tables of GSM 03.38 in the order of their codes.
const (
	basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	extension = "\f^{}\\[~]|€"
)

func TestCount(t *testing.T) {
	t.Parallel()
	rep := strings.Repeat
	for _, tt := range []struct {
		name, text string
		encoding   sms.Encoding
		segments   int
	}{
		{"empty", "", sms.GSM7, 1},
		{"the whole alphabet", basic, sms.GSM7, 1},
		{"the extension table", extension, sms.GSM7, 1},
		{"full", rep("a", 160), sms.GSM7, 1},
		{"one too many", rep("a", 161), sms.GSM7, 2},
		{"two full", rep("a", 306), sms.GSM7, 2},
		{"two and one", rep("a", 307), sms.GSM7, 3},
		{"full of extensions", rep("€", 80), sms.GSM7, 1},
		{"80 extensions and one", rep("€", 80) + "a", sms.GSM7, 2},
		// 152 septets and an escape that does not fit: it starts the second segment.
		{"an escape at the cut", rep("a", 152) + "{" + rep("a", 151), sms.GSM7, 2},
		{"an escape at the cut and one", rep("a", 152) + "{" + rep("a", 152), sms.GSM7, 3},
		{"not in the alphabet", "`", sms.UCS2, 1},
		{"a small c with cedilla", "ç", sms.UCS2, 1},
		{"a typographic apostrophe", "don’t", sms.UCS2, 1},
		{"tab", "\t", sms.UCS2, 1},
		{"full in UCS-2", rep("ж", 70), sms.UCS2, 1},
		{"one too many in UCS-2", rep("ж", 71), sms.UCS2, 2},
		{"two full in UCS-2", rep("ж", 134), sms.UCS2, 2},
		{"two and one in UCS-2", rep("ж", 135), sms.UCS2, 3},
		{"one character makes all of it UCS-2", rep("a", 70) + "ж", sms.UCS2, 2},
		{"pairs", rep("😀", 35), sms.UCS2, 1},
		{"a pair too many", rep("😀", 36), sms.UCS2, 2},
		// 33 pairs are 66 units, and a pair is not cut.
		{"pairs in two", rep("😀", 66), sms.UCS2, 2},
		{"pairs in three", rep("😀", 67), sms.UCS2, 3},
		{"not UTF-8", "\xff", sms.UCS2, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			encoding, segments := sms.Count(tt.text)
			if encoding != tt.encoding || segments != tt.segments {
				t.Errorf("%s in %d, want %s in %d", encoding, segments, tt.encoding, tt.segments)
			}
		})
	}
	if got := utf8.RuneCountInString(basic); got != 127 {
		t.Errorf("the alphabet of the test has %d characters, want 127: 128 without the escape", got)
	}
}

// A text that is counted is held against a second way to count: the units are written
// out one by one, with a mark on those that belong to the one before.
func TestCountAgreesWithWritingItOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SampledFrom([]rune("aZ9 \n@€{|^éÄ`жç漢😀𝄞"))
		text := string(rapid.OneOf(rapid.SliceOfN(some, 0, 500), rapid.SliceOfN(rapid.SampledFrom([]rune(basic+extension)), 0, 500)).Draw(t, "text"))
		encoding, segments := sms.Count(text)
		wantEncoding, want := writtenOut(text)
		if encoding != wantEncoding || segments != want {
			t.Fatalf("%s in %d, want %s in %d", encoding, segments, wantEncoding, want)
		}
	})
}

func writtenOut(text string) (sms.Encoding, int) {
	gsm := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune(basic+extension, r) }) < 0
	var joined []bool // one for each unit: it belongs to the one before
	for _, r := range text {
		joined = append(joined, false)
		if gsm && strings.ContainsRune(extension, r) || !gsm && len(utf16.Encode([]rune{r})) == 2 {
			joined = append(joined, true)
		}
	}
	encoding, single, part := sms.UCS2, 70, 67
	if gsm {
		encoding, single, part = sms.GSM7, 160, 153
	}
	if len(joined) <= single {
		return encoding, 1
	}
	count := 0
	for len(joined) > 0 {
		end := min(part, len(joined))
		if end < len(joined) && joined[end] {
			end--
		}
		joined = joined[end:]
		count++
	}
	return encoding, count
}

func FuzzCount(f *testing.F) {
	for _, s := range []string{"", basic, extension, "😀", "\xff\xfe", strings.Repeat("€", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		encoding, segments := sms.Count(text)
		units := len(utf16.Encode([]rune(text)))
		if segments < 1 || encoding == sms.GSM7 && segments > max(1, 2*units/152+1) || encoding == sms.UCS2 && segments > units/66+1 {
			t.Errorf("%d units are %d segments of %s", units, segments, encoding)
		}
		if _, longer := sms.Count(text + "a"); longer < segments {
			t.Errorf("%d segments, and one character more is %d", segments, longer)
		}
	})
}

func TestEncodingRoundTrip(t *testing.T) {
	t.Parallel()
	for _, e := range []sms.Encoding{sms.None, sms.GSM7, sms.UCS2} {
		text, err := e.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		got := sms.UCS2
		if err := got.UnmarshalText(text); err != nil || got != e {
			t.Errorf("%q became %s, error %v", text, got, err)
		}
	}
	if err := new(sms.Encoding).UnmarshalText([]byte("utf8")); err == nil {
		t.Error("an encoding utf8 was read")
	}
}

//nolint:paralleltest // allocations are counted for the whole process
func TestCountAllocatesNothing(t *testing.T) {
	text := strings.Repeat("Votre lien : https://app.example.test/v?t=ж", 10)
	if got := testing.AllocsPerRun(100, func() { sms.Count(text) }); got != 0 {
		t.Errorf("%v allocations, want none", got)
	}
}
