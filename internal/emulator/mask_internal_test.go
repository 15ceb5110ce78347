package emulator

import (
	"testing"

	"github.com/authbench/authbench/internal/policy"
)

func TestMasks(t *testing.T) {
	t.Parallel()
	own := policy.Default().Unpublished
	longer := policy.Unpublished{MaskPhoneStart: 2, MaskPhoneEnd: 3, MaskPhoneStars: 3, MaskEmailStart: 3}
	all := policy.Unpublished{MaskPhoneStart: 64, MaskPhoneEnd: 64, MaskEmailStart: 64, MaskEmailStars: 1}
	none := policy.Unpublished{}
	for _, tt := range []struct {
		of   policy.Unpublished
		mask func(*policy.Unpublished, string) string
		want map[string]string
	}{
		{own, maskPhone, map[string]string{"+15555550101": "********0101", "+12345678": "*******78", "": "********"}},
		{own, maskEmail, map[string]string{"alice@example.test": "a****@example.test", "@x": "****", "": "****", "é@x": "é****@x"}},
		{longer, maskPhone, map[string]string{"+15555550101": "+1***101", "+12345678": "***78", "+1": "********"}},
		{longer, maskEmail, map[string]string{"alice@example.test": "ali**@example.test", "bob@x": "bo*@x", "b@x": "b*@x", "éàü@x": "éà*@x"}},
		{all, maskPhone, map[string]string{"+15555550101": "********", "+12345678": "*******78"}},
		{all, maskEmail, map[string]string{"alice@x": "alic*@x"}},
		{none, maskPhone, map[string]string{"+15555550101": "************"}},
		{none, maskEmail, map[string]string{"bob@x": "***@x"}},
	} {
		for in, want := range tt.want {
			if got := tt.mask(&tt.of, in); got != want {
				t.Errorf("%q by %+v: %q, want %q", in, tt.of, got, want)
			}
		}
	}
}
