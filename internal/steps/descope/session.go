package descope

import (
	"errors"
	"net/http"

	"github.com/zclconf/go-cty/cty"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

func sessionKinds() []*steps.Kind {
	logoutArgs := []steps.Arg{refreshArg(refreshDoc), textsArg("logout_type", "Kinds of session to end. Left out, all of them.")}
	logoutBody := func(a steps.Args) (any, []steps.Problem) {
		return api.LogoutRequest{LogoutType: stringsOf(a.Value("logout_type"))}, nil
	}
	return []*steps.Kind{
		verb{
			name: "descope_me", doc: "Gives the signed-in user.",
			httpMethod: http.MethodGet, path: api.PathMe, credential: signedIn, idempotent: true,
			args:    []steps.Arg{refreshArg(refreshDoc)},
			results: []steps.Attr{{Name: "user", Type: userType, Doc: "The signed-in user."}}, read: readMe,
		}.kind(),
		verb{
			name: "descope_refresh", doc: "Gives a new session JWT for a refresh JWT.",
			path: api.PathRefresh, credential: signedIn,
			args: []steps.Arg{
				refreshArg(refreshDoc),
				{Name: "external_token", Type: cty.String, Sensitive: true, Doc: "Token of an external service to pass on."},
			},
			write: func(a steps.Args, b []byte) ([]byte, error) {
				return api.RefreshRequest{ExternalToken: a.String("external_token")}.AppendJSON(b)
			},
			results: authResults, read: readRefresh,
		}.kind(),
		verb{
			name: "descope_logout", doc: "Ends the session of the refresh JWT.",
			path: api.PathLogout, credential: signedIn, args: logoutArgs, body: logoutBody,
		}.kind(),
		verb{
			name: "descope_logout_all", doc: "Ends every session of the user.",
			path: api.PathLogoutAll, credential: signedIn, args: logoutArgs, body: logoutBody,
		}.kind(),
		validateKind(),
	}
}

// readMe reads a user that stands at the root of the answer.
func readMe(a answer) (outcome, error) {
	if v := skim(a, userShape, meSources); v != nil && v.doc.Find("userId").Text() != "" {
		return outcome{values: v}, nil
	}
	return decodeMe(a)
}

func decodeMe(a answer) (outcome, error) {
	var u api.User
	if err := decode(a.body, &u); err != nil {
		return outcome{}, err
	}
	if u.UserID == "" {
		return outcome{}, errors.New("it holds no user")
	}
	return outcome{values: steps.Fixed{"user": userValue(&u)}}, nil
}
