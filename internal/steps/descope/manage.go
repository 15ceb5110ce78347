package descope

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/zclconf/go-cty/cty"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

var userResult = steps.Attr{Name: "user", Type: userType, Doc: "The user as management sees it."}

// userKinds are the management kinds; create.go and search.go hold the larger two.
func userKinds() []*steps.Kind {
	who := []steps.Arg{textArg("login_id", "A login ID of the user. Either this or `user_id`."), textArg("user_id", "The user's ID. Either this or `login_id`.")}
	login := loginArg()
	phone := textArg("phone", "The number to set; empty removes it.")
	phone.Required = true
	return []*steps.Kind{
		createKind(),
		verb{
			name: "descope_user_load", doc: "Gives a user by login ID or user ID.",
			httpMethod: http.MethodGet, path: api.PathUserLoad, credential: management, idempotent: true, args: who, check: checkWho,
			query: func(a steps.Args) url.Values {
				q := url.Values{}
				for name, key := range map[string]string{"login_id": "loginId", "user_id": "userId"} {
					if a.Has(name) {
						q.Set(key, a.String(name))
					}
				}
				return q
			},
			results: []steps.Attr{userResult}, read: readUser,
		}.kind(),
		searchKind(),
		verb{
			name: "descope_user_update_phone", doc: "Sets a user's phone number without asking the user.",
			path: api.PathUserUpdatePhone, credential: management, idempotent: true,
			args: []steps.Arg{
				login, phone, flagArg("verified", "Take the number as verified, so that the user can sign in with it."),
				flagArg("fail_on_conflict", "Refuse instead of merging if another user owns the number as login ID."),
			},
			body: func(a steps.Args) (any, []steps.Problem) {
				number := a.String("phone")
				return api.UpdateUserPhoneRequest{Identity: identity(a), Phone: &number, Verified: a.Bool("verified"), FailOnConflict: a.Bool("fail_on_conflict")}, nil
			},
			results: []steps.Attr{userResult}, read: readUser,
		}.kind(),
		verb{
			name: "descope_user_delete", doc: "Deletes a user with all sessions.",
			path: api.PathUserDelete, credential: management, args: who, check: checkWho, body: whoBody,
		}.kind(),
		verb{
			name: "descope_user_logout", doc: "Ends every session of a user.",
			path: api.PathUserLogout, credential: management, idempotent: true, check: checkWho, body: whoBody,
			args: append(slices.Clip(who), textsArg("session_types", "Kinds of session to end. Left out, all of them.")),
		}.kind(),
	}
}

// checkWho wants exactly one name for the user.
func checkWho(a steps.Args) []steps.Problem {
	given := 0
	for _, name := range []string{"login_id", "user_id"} {
		v := a.Value(name)
		if !v.IsKnown() {
			return nil
		}
		if !v.IsNull() {
			given++
		}
	}
	if given == 1 {
		return nil
	}
	return []steps.Problem{{Arg: "login_id", Detail: fmt.Sprintf("The user is named %d times. Give either login_id or user_id.", given)}}
}

func whoBody(a steps.Args) (any, []steps.Problem) {
	return api.UserRequest{Identity: identity(a), UserID: a.String("user_id"), SessionTypes: stringsOf(a.Value("session_types"))}, nil
}

// userAnswer is the wrapper that management puts round a user.
type userAnswer struct {
	User    *api.User `json:"user"`
	Created *bool     `json:"created"`
}

func readUser(a answer) (outcome, error) {
	if v := skim(a, wrappedShape, wrappedSources); v != nil && v.user().Find("userId").Text() != "" {
		return outcome{values: v}, nil
	}
	values, err := decodeCreated(a)
	delete(values, "created")
	return outcome{values: values}, err
}

func readCreated(a answer) (outcome, error) {
	if v := skim(a, wrappedShape, createdSources); v != nil && v.user().Find("userId").Text() != "" {
		return outcome{values: v}, nil
	}
	values, err := decodeCreated(a)
	return outcome{values: values}, err
}

func decodeCreated(a answer) (steps.Fixed, error) {
	var body userAnswer
	if err := decode(a.body, &body); err != nil {
		return nil, err
	}
	if body.User == nil || body.User.UserID == "" {
		return nil, errors.New("it holds no user")
	}
	created := cty.NullVal(cty.Bool)
	if body.Created != nil {
		created = cty.BoolVal(*body.Created)
	}
	return steps.Fixed{"user": userValue(body.User), "created": created}, nil
}
