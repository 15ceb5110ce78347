package eval

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// domainFunctions are those that sign-in flows need.
func domainFunctions() map[string]function.Function {
	return map[string]function.Function{
		"fake_phone":  fakePhoneFunction(),
		"fake_email":  fakeEmailFunction(),
		"jwtdecode":   jwtdecodeFunction(),
		"urlquery":    urlqueryFunction(),
		"duration_ms": durationFunction(),
	}
}

// areaCodes are geographic area codes of the North American plan; 555-0100 to
// 555-0199 is kept for fiction in each.
var areaCodes = [...]int{
	201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234,
	239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305, 307, 308, 309,
	310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 325, 330, 331, 334, 336, 337, 339, 346, 347, 351, 352,
	360, 361, 386, 401, 402, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417, 419, 423, 424, 425, 430, 432,
	434, 435, 440, 443, 458, 469, 470, 475, 478, 479, 480, 484, 501, 502, 503, 504, 505, 507, 508, 509, 510, 512, 513,
	515, 516, 517, 518, 520, 530, 531, 534, 539, 540, 541, 551, 559, 561, 562, 563, 567, 570, 571, 573, 574, 575, 580,
	585, 586, 601, 602, 603, 605, 606, 607, 608, 609, 610, 612, 614, 615, 616, 617, 618, 619, 620, 623, 626, 630, 631,
	636, 641, 646, 650, 651, 657, 660, 661, 662, 678, 681, 682, 701, 702, 703, 704, 706, 707, 708, 712, 713, 714, 715,
	716, 717, 718, 719, 720, 724, 727, 731, 732, 734, 740, 747, 754, 757, 760, 762, 763, 765, 769, 770, 772, 773, 774,
	775, 779, 781, 785, 786, 801, 802, 803, 804, 805, 806, 808, 810, 812, 813, 814, 815, 816, 817, 818, 828, 830, 831,
	832, 843, 845, 847, 848, 850, 856, 857, 858, 859, 860, 862, 863, 864, 865, 870, 872, 878, 901, 903, 904, 906, 907,
	908, 909, 910, 912, 913, 914, 915, 916, 917, 918, 919, 920, 925, 928, 931, 936, 937, 940, 941, 947, 949, 951, 952,
	954, 956, 970, 971, 972, 973, 978, 979, 980, 984, 985, 989,
}

// FakePhones is how many numbers fake_phone can give.
const FakePhones = len(areaCodes) * 100

func fakePhoneFunction() function.Function {
	return function.New(&function.Spec{
		Description: fmt.Sprintf("The n-th phone number of the ranges kept for fiction (555-0100 to 555-0199), for n from 0 to %d. Different n give different numbers.", FakePhones-1),
		Params:      []function.Parameter{{Name: "n", Type: cty.Number}},
		Type:        function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			n, err := wholeNumber(args[0], 0)
			if err != nil {
				return cty.UnknownVal(cty.String), err
			}
			if n < 0 || n >= int64(FakePhones) {
				return cty.UnknownVal(cty.String), function.NewArgErrorf(0,
					"must be from 0 to %d: that is how many reserved numbers there are; use n %% %d to take them again", FakePhones-1, FakePhones)
			}
			return cty.StringVal(fmt.Sprintf("+1%d55501%02d", areaCodes[n/100], n%100)), nil
		},
	})
}

func fakeEmailFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The n-th address of the domain example.test, which never receives mail.",
		Params:      []function.Parameter{{Name: "n", Type: cty.Number}},
		Type:        function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			n, err := wholeNumber(args[0], 0)
			if err != nil {
				return cty.UnknownVal(cty.String), err
			}
			return cty.StringVal(fmt.Sprintf("user-%d@example.test", n)), nil
		},
	})
}

func jwtdecodeFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The header and the claims of a JSON web token. The signature is not checked.",
		Params:      []function.Parameter{{Name: "token", Type: cty.String}},
		Type: func(args []cty.Value) (cty.Type, error) {
			return cty.DynamicPseudoType, nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			parts := strings.Split(args[0].AsString(), ".")
			if len(parts) != 3 {
				return cty.DynamicVal, errors.New("not a JSON web token: it must have three parts")
			}
			header, err := jsonPart(parts[0])
			if err != nil {
				return cty.DynamicVal, fmt.Errorf("the header of the token is %w", err)
			}
			claims, err := jsonPart(parts[1])
			if err != nil {
				return cty.DynamicVal, fmt.Errorf("the payload of the token is %w", err)
			}
			return cty.ObjectVal(map[string]cty.Value{"header": header, "claims": claims}), nil
		},
	})
}

// jsonPart decodes a part of a token. Its errors never hold the part.
func jsonPart(part string) (cty.Value, error) {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return cty.DynamicVal, errors.New("not base64url")
	}
	t, err := ctyjson.ImpliedType(raw)
	if err != nil || !t.IsObjectType() {
		return cty.DynamicVal, errors.New("not a JSON object")
	}
	v, err := ctyjson.Unmarshal(raw, t)
	if err != nil {
		return cty.DynamicVal, errors.New("not a JSON object")
	}
	return v, nil
}

func urlqueryFunction() function.Function {
	return function.New(&function.Spec{
		Description: "The query parameters of a URL, decoded. Of a repeated parameter the first counts.",
		Params:      []function.Parameter{{Name: "url", Type: cty.String}},
		Type:        function.StaticReturnType(cty.Map(cty.String)),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			u, err := url.Parse(args[0].AsString())
			if err != nil {
				return cty.UnknownVal(cty.Map(cty.String)), errors.New("not a URL")
			}
			query, err := url.ParseQuery(u.RawQuery)
			if err != nil {
				return cty.UnknownVal(cty.Map(cty.String)), errors.New("the query of the URL is malformed")
			}
			out := make(map[string]cty.Value, len(query))
			for name := range query {
				out[name] = cty.StringVal(query.Get(name))
			}
			if len(out) == 0 {
				return cty.MapValEmpty(cty.String), nil
			}
			return cty.MapVal(out), nil
		},
	})
}

func durationFunction() function.Function {
	return function.New(&function.Spec{
		Description: "A duration such as \"1m30s\" in milliseconds.",
		Params:      []function.Parameter{{Name: "duration", Type: cty.String}},
		Type:        function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			d, err := time.ParseDuration(args[0].AsString())
			if err != nil {
				return cty.UnknownVal(cty.Number), errors.New(`not a duration such as "250ms" or "1m30s"`)
			}
			return cty.NumberFloatVal(float64(d) / float64(time.Millisecond)), nil
		},
	})
}

// markFunctions say what is secret.
func markFunctions() map[string]function.Function {
	anything := []function.Parameter{{
		Name: "value", Type: cty.DynamicPseudoType,
		AllowDynamicType: true, AllowMarked: true, AllowNull: true, AllowUnknown: true,
	}}
	same := func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil }
	return map[string]function.Function{
		"sensitive": function.New(&function.Spec{
			Description: "The value, marked so that it is shown nowhere.",
			Params:      anything, Type: same,
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return args[0].Mark(Sensitive), nil },
		}),
		"nonsensitive": function.New(&function.Spec{
			Description: "The value without its mark: what it is made of may be shown.",
			Params:      anything, Type: same,
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				v, _ := args[0].UnmarkDeep()
				return v, nil
			},
		}),
		"issensitive": function.New(&function.Spec{
			Description: "Whether the value is marked as sensitive.",
			Params:      anything, Type: function.StaticReturnType(cty.Bool),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				if !args[0].HasMark(Sensitive) && !args[0].IsKnown() {
					return cty.UnknownVal(cty.Bool), nil
				}
				return cty.BoolVal(args[0].HasMark(Sensitive)), nil
			},
		}),
	}
}
