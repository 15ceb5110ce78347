package emulator

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Whoever adds a field to what a project knows decides whether an export carries it, and
// says so here.
func TestEveryFieldIsCarriedOrNot(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		of any
		// carried are in the export, as they are or as what they are made from.
		carried string
		// left are made anew by an import, or are of the process and not of the project.
		left string
	}{
		{
			of:      project{},
			carried: "id managementKey authKey settings clock keys marks generation delivery inbox faults seed life holdings",
			// The journal tells its times since the emulator was made, which an import
			// does not know.
			left: "sessionLimit changing journal lineage mu",
		},
		{
			of:      settings{},
			carried: "policy requestLimits messageLimits guesses",
			left:    "testRules answers remembers",
		},
		{
			of:      holdings{},
			carried: "random users links sessions awaited redeemed audits verifications",
			left:    "issued expiry", // issued spares a look at signatures and is filled again
		},
		{
			of:      user{},
			carried: "info order pending seen phoneBarred emailBarred links codes sessions visits verifications generated awaited",
		},
		{
			of:      session{},
			carried: "id user refreshID methods claims nested tenant stepUp opened expires deadline used replaced",
			left:    "issued at",
		},
		{of: link{}, carried: "intent key deadline", left: "at"},
		// A code that has a budget of its own has the one that tries leads to.
		{of: code{}, carried: "intent slot digits generated tries expires deadline older newer", left: "own"},
		{of: tries{}, carried: "wrong"},
		{of: intent{}, carried: "purpose channel user newcomer useRecovery contact profile login update awaited emailVerified phoneVerified"},
		{of: loginTerms{}, carried: "stepUp revokeOthers revokeTypes ssoApp claims nested tenant earlier asked"},
		{of: updateTerms{}, carried: "addToLoginIDs useExisting failOnConflict"},
		{of: pendingSession{}, carried: "key ref user challenge session firstSeen stepUp deadline"},
		{of: redemption{}, carried: "key proof grant repeated deadline"},
		{of: replacement{}, carried: "tokenID grant deadline"},
		{
			of: grant{},
			carried: "user firstSeen sessionID sessionTokenID refreshTokenID issued expires refreshExpires methods claims nested " +
				"tenant stepUp",
			// They are of the sign-in, which a replacement is not; a redemption keeps purpose and channel.
			left: "created updated merged replaced again method app purpose channel",
		},
		{of: visit{}, carried: "at ip tenant"},
		{of: auditRecord{}, carried: "at action method userID logins tenant remote externalRID app failure purpose"},
		{of: window{}, carried: "count refused ends deadline"},
		{of: fault{}, carried: "Fault random seen hits", left: "mu"},
		{of: verification{}, carried: "proof purpose channel refusal"},
		{of: directory{}, carried: "byID byLogin pending created tests"},
		{of: loginIndex{}, carried: "oldest younger"},
		{
			of:      delivery{},
			carried: "carriers random paused resumedAt sent way overtaken failed inbox",
			left:    "clock direct mu gateway closed keeping awaited rewait running",
		},
		{of: parcel{}, carried: "message number own due held", left: "index"},
		{
			of:      inbox{},
			carried: "arrived dropped unread unreadCount byRecipient byID read total tallied uncounted",
			left:    "unreadLimit way mu waiters streams closed resets life endLife",
		},
	} {
		of := reflect.TypeOf(tt.of)
		decided := strings.Fields(tt.carried + " " + tt.left)
		var fields []string
		for field := range of.Fields() {
			fields = append(fields, field.Name)
			if !slices.Contains(decided, field.Name) {
				t.Errorf("%s.%s: nothing says whether an export carries it", of.Name(), field.Name)
			}
		}
		for _, name := range decided {
			if !slices.Contains(fields, name) {
				t.Errorf("%s has no field %s", of.Name(), name)
			}
		}
	}
}
