package descope

import (
	"fmt"
	"math"

	"github.com/zclconf/go-cty/cty"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

func searchKind() *steps.Kind {
	return verb{
		name: "descope_user_search", doc: "Lists users that match every filter given. Test users are left out unless asked for.",
		path: api.PathUserSearch, credential: management, idempotent: true, body: searchBody, check: checkSearch, read: readSearch,
		args: []steps.Arg{
			textsArg("login_ids", "Login IDs, any of them."), textsArg("user_ids", "User IDs, any of them."),
			textsArg("emails", "Email addresses, any of them."), textsArg("phones", "Phone numbers, any of them."),
			textsArg("statuses", "Statuses, any of them."), textArg("text", "Text to find."),
			flagArg("with_test_user", "Test users as well."), flagArg("test_users_only", "Test users alone."),
			objectArg("custom_attributes", "Object of attributes to match."),
			countArg("from_created_time", "Created at or after, in Unix milliseconds."),
			countArg("to_created_time", "Created at or before, in Unix milliseconds."),
			countArg("limit", "Users on a page. Left out, the service's default."), countArg("page", "Page, from 0."),
			countArg("offset", "Users to leave out before the first page."),
			objectArg("sort", "List of objects with `field`, and `desc` for descending order."),
		},
		results: []steps.Attr{
			// The users may differ in the types of their own attributes, so that no list
			// type holds them all.
			{Name: "users", Type: cty.DynamicPseudoType, Doc: "The users of the page, each like `user` of `descope_user_load`."},
			{Name: "total", Type: cty.Number, Doc: "How many users match on all pages."},
		},
	}.kind()
}

func checkSearch(a steps.Args) []steps.Problem {
	var problems []steps.Problem
	for _, name := range []string{"limit", "page", "offset"} {
		if n := a.Int(name); n < 0 || n > math.MaxInt32 {
			problems = append(problems, steps.Problem{Arg: name, Detail: fmt.Sprintf("This is %d. Give a number from 0 to %d.", n, math.MaxInt32)})
		}
	}
	return problems
}

func searchBody(a steps.Args) (any, []steps.Problem) {
	attributes, problems := freeObject(a, "custom_attributes")
	order, wrong := sortFields(a.Value("sort"))
	problems = append(problems, wrong...)
	return api.SearchUsersRequest{
		LoginIDs: stringsOf(a.Value("login_ids")), UserIDs: stringsOf(a.Value("user_ids")), Emails: stringsOf(a.Value("emails")),
		Phones: stringsOf(a.Value("phones")), Statuses: stringsOf(a.Value("statuses")), Text: a.String("text"),
		WithTestUser: a.Bool("with_test_user"), TestUsersOnly: a.Bool("test_users_only"), CustomAttributes: attributes,
		FromCreatedTime: api.Int64(a.Int("from_created_time")), ToCreatedTime: api.Int64(a.Int("to_created_time")),
		Limit: int32(a.Int("limit")), Page: int32(a.Int("page")),
		Offset: int32(a.Int("offset")), Sort: order,
	}, problems
}

// sortFields reads a list of { field, desc }. What is unknown is left out.
func sortFields(v cty.Value) ([]api.SortField, []steps.Problem) {
	usage := []steps.Problem{{Arg: "sort", Detail: `This is not a list of fields. Write it as [{ field = "name", desc = true }].`}}
	if !v.IsKnown() || v.IsNull() {
		return nil, nil
	}
	if t := v.Type(); !t.IsTupleType() && !t.IsListType() {
		return nil, usage
	}
	var out []api.SortField
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if !e.IsKnown() {
			continue
		}
		if e.IsNull() || !e.Type().IsObjectType() {
			return nil, usage
		}
		members := e.AsValueMap()
		for name := range members {
			if name != "field" && name != "desc" {
				return nil, usage
			}
		}
		field := steps.ArgsOf(members)
		if e.IsWhollyKnown() && field.String("field") == "" {
			return nil, usage
		}
		out = append(out, api.SortField{Field: field.String("field"), Desc: field.Bool("desc")})
	}
	return out, nil
}

func readSearch(a answer) (outcome, error) {
	var body api.SearchUsersResponse
	if err := decode(a.body, &body); err != nil {
		return outcome{}, err
	}
	users := make([]cty.Value, len(body.Users))
	for i := range body.Users {
		users[i] = userValue(&body.Users[i])
	}
	return outcome{values: steps.Fixed{"users": cty.TupleVal(users), "total": cty.NumberIntVal(int64(body.Total))}}, nil
}
