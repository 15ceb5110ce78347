package emulator_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
)

func TestBatches(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var made descope.UsersBatchResponse
	b.manage(http.MethodPost, descope.PathUserCreateBatch, `{"users":[{"loginId":"a"},{"loginId":"a"},{"loginId":""},{"loginId":"b","status":"disabled"}]}`).into(t, &made)
	if len(made.CreatedUsers) != 2 || len(made.FailedUsers) != 2 || made.FailedUsers[0].Failure != "[E062107] The user already exists" {
		t.Errorf("batch %+v", made)
	}
	ids := `["` + made.CreatedUsers[1].UserID + `","` + made.CreatedUsers[0].UserID + `","U0"]`
	for body, want := range map[string]string{`{"userIds":` + ids + `}`: "a", `{"userIds":` + ids + `,"includeInvalidUsers":true}`: "b a"} {
		var out descope.UsersResponse
		b.manage(http.MethodPost, descope.PathUsersLoad, body).into(t, &out)
		var logins []string
		for _, u := range out.Users {
			logins = append(logins, u.LoginIDs[0])
		}
		if got := strings.Join(logins, " "); got != want {
			t.Errorf("load %s: %q, want %q", body, got, want)
		}
	}
	for _, path := range []string{descope.PathUserCreateBatch, descope.PathUsersLoad, descope.PathUserDeleteBatch} {
		b.manage(http.MethodPost, path, ``).refused(t, 400, descope.CodeInvalidRequest)
	}
	b.manage(http.MethodPost, descope.PathUserCreateBatch, `{"users":[{"loginId":"c"}],"invite":true}`).refused(t, 501, descope.CodeNotEmulated, "invite")
	b.manage(http.MethodPost, descope.PathUserDeleteBatch, `{"userIds":`+ids+`}`)
	var left descope.SearchUsersResponse
	b.manage(http.MethodPost, descope.PathUserSearchV1, `{}`).into(t, &left)
	if left.Total != 0 {
		t.Errorf("left %+v", left)
	}
}

func TestSearchFilters(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.create(descope.CreateUserRequest{
		Identity: identity("a"), Email: "a@x.test", VerifiedEmail: yes(), RoleNames: []string{"r"}, SSOAppIDs: []string{"app"},
		UserTenants: []descope.UserTenant{{TenantID: "T1"}}, GivenName: "B",
	})
	b.clock.advance(time.Hour)
	b.create(descope.CreateUserRequest{Identity: identity("b"), Phone: alice, VerifiedPhone: yes(), GivenName: "A"})
	b.clock.advance(time.Hour)
	b.manage(http.MethodPatch, descope.PathUserPatch, `{"loginId":"a","familyName":"F"}`)
	now := b.clock.Now()
	for body, want := range map[string]string{
		`{"tenantIds":["T1"]}`: "a", `{"roleNames":["r"]}`: "a", `{"ssoAppIds":["app"]}`: "a", `{"verifiedEmail":true}`: "a",
		`{"verifiedPhone":true}`: "b", `{"verifiedPhone":false}`: "a", `{"roleNames":null,"tenantRoleIds":{}}`: "a b",
		`{"fromModifiedTime":` + strconv.FormatInt(now.UnixMilli()-1000, 10) + `}`: "a", `{"toModifiedTime":` + strconv.FormatInt(now.UnixMilli()-1000, 10) + `}`: "b",
		`{"sort":[{"field":"givenName"}]}`: "b a", `{"sort":[{"field":"createdTime","desc":true}]}`: "b a",
		`{"sort":[{"field":"modifiedTime","desc":true}]}`: "a b", `{"sort":[{"field":"verifiedPhone"},{"field":"userId"}]}`: "a b",
		`{"sort":[{"field":"loginIds","desc":true}]}`: "b a",
	} {
		for _, path := range []string{descope.PathUserSearch, descope.PathUserSearchV1} {
			var out descope.SearchUsersResponse
			b.manage(http.MethodPost, path, body).into(t, &out)
			var logins []string
			for _, u := range out.Users {
				logins = append(logins, u.LoginIDs[0])
			}
			if got := strings.Join(logins, " "); got != want {
				t.Errorf("%s: %q, want %q", body, got, want)
			}
		}
	}
	b.manage(http.MethodPost, descope.PathUserSearch, `{"tenantRoleNames":{"T1":{"values":["r"]}}}`).refused(t, 501, descope.CodeNotEmulated, "tenantRoleNames")
	b.manage(http.MethodPost, descope.PathUserSearch, `{"sort":[{"field":"shoeSize"}]}`).refused(t, 501, descope.CodeNotEmulated)
}
