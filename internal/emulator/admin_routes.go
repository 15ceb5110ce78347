package emulator

import (
	"net/http"

	"github.com/authbench/authbench/internal/policy"
)

// adminRoute is one route of the admin API, as it is served and as the OpenAPI
// document tells of it.
type adminRoute struct {
	verb, path string
	does       string
	query      []adminParameter
	in, out    any // structs of the body and of the document, or what stands for them; nil means none
	status     int // of success
	open       bool
	run        http.HandlerFunc
}

// adminParameter is one parameter of a query. All may be left out.
type adminParameter struct {
	name, does string
}

// routes is the whole admin API. What a route is for one project begins with the
// project's path.
func (a admin) routes() []adminRoute {
	const project = "/_ab/projects/{project}"
	return append([]adminRoute{
		{
			verb: http.MethodGet, path: "/_ab/healthz", does: "Tells that the emulator runs.",
			out: health{}, status: http.StatusOK, open: true, run: a.health,
		},
		{
			verb: http.MethodGet, path: "/_ab/projects", does: "Lists the projects by ID.",
			query: []adminParameter{{"limit", limitDoes}, {"after", "ID of a project behind which the list begins"}},
			out:   projectList{}, status: http.StatusOK, run: a.listProjects,
		},
		{
			verb: http.MethodGet, path: "/_ab/openapi.json", does: "Describes this API.",
			out: map[string]any{}, status: http.StatusOK, run: a.openAPI,
		},
		{
			verb: http.MethodPut, path: project, does: "Makes a project; with a state one that goes on from the instant of the export.",
			in: createRequest{}, out: createAnswer{}, status: http.StatusCreated, run: a.createProject,
		},
		{
			verb: http.MethodGet, path: project, does: "Exports a project with all it holds, its secrets too, as the body of a PUT.",
			out: createRequest{}, status: http.StatusOK, run: a.of(a.exportProject),
		},
		{
			verb: http.MethodDelete, path: project, does: "Drops a project with all it holds.",
			status: http.StatusNoContent, run: a.dropProject,
		},
		{
			verb: http.MethodGet, path: project + "/policy", does: "Shows the policy in force, without its secrets.",
			out: policyDocument{}, status: http.StatusOK, run: a.of(showPolicy),
		},
		{
			verb: http.MethodPatch, path: project + "/policy", does: "Changes the policy by a JSON merge patch; null gives a setting its default.",
			in: policy.Project{}, out: policyDocument{}, status: http.StatusOK, run: a.of(a.changePolicy),
		},
		{
			verb: http.MethodPost, path: project + "/reset", does: "Makes a project new under its ID, its management keys and its policy.",
			out: resetDocument{}, status: http.StatusOK, run: a.resetProject,
		},
		{
			verb: http.MethodGet, path: project + "/users", does: "Lists users and unverified sign-ups in order of creation.",
			query: []adminParameter{
				{"limit", limitDoes},
				{"after", "cursor behind which the list begins"},
				{"text", "part of a name, an address or an ID"},
			},
			out: userList{}, status: http.StatusOK, run: a.of(a.listUsers),
		},
		{
			verb: http.MethodGet, path: project + "/messages", does: "Lists messages, and waits for one if there is none.",
			query: []adminParameter{
				{"recipient", "address whose messages are listed; all if left out"},
				{"after", "cursor behind which the list begins"},
				{"wait", "duration of the wait, at most 1m"},
				{"read", "true lists those too that were read"},
				{"state", "all, delivered, pending, lost or rejected lists what became of messages, without cursor and wait"},
			},
			out: eitherOf{messageList{}, outboxList{}}, status: http.StatusOK, run: a.of(a.messages),
		},
		{
			verb: http.MethodPost, path: project + "/messages/read", does: "Takes messages as read and may list those that are not.",
			in: readRequest{}, out: eitherOf{readAnswer{}, takenList{}}, status: http.StatusOK, run: a.of(a.markAllRead),
		},
		{
			verb: http.MethodPost, path: project + "/messages/take", does: "Takes for each who waits the oldest message that is for him.",
			in: takeRequest{}, out: takeAnswer{}, status: http.StatusOK, run: a.of(a.take),
		},
		{
			verb: http.MethodPost, path: project + "/messages/{id}/read", does: "Takes one message as read.",
			status: http.StatusNoContent, run: a.of(a.markRead),
		},
		{
			verb: http.MethodGet, path: project + "/clock", does: "Tells the time of the project.",
			out: clockState{}, status: http.StatusOK, run: a.of(a.showClock),
		},
		{
			verb: http.MethodPost, path: project + "/clock", does: "Moves the clock of the project.",
			in: clockRequest{}, out: clockState{}, status: http.StatusOK, run: a.of(a.moveClock),
		},
		{
			verb: http.MethodGet, path: project + "/faults", does: "Lists the faults, with what they did.",
			out: faultList{}, status: http.StatusOK, run: a.of(a.listFaults),
		},
		{
			verb: http.MethodPost, path: project + "/faults", does: "Adds a fault behind the others.",
			in: policy.Fault{}, out: faultList{}, status: http.StatusCreated, run: a.of(a.addFault),
		},
		{
			verb: http.MethodPut, path: project + "/faults/{fault}", does: "Puts a fault in place of the one of its name, or behind the others if there is none.",
			in: policy.Fault{}, out: faultList{}, status: http.StatusOK, run: a.of(a.putFault),
		},
		{
			verb: http.MethodDelete, path: project + "/faults", does: "Takes all faults away.",
			status: http.StatusNoContent, run: a.of(a.dropFaults),
		},
		{
			verb: http.MethodDelete, path: project + "/faults/{fault}", does: "Takes one fault away.",
			status: http.StatusNoContent, run: a.of(a.dropFault),
		},
		{
			verb: http.MethodGet, path: project + "/journal", does: "Lists of the requests to the project that were answered last those that the query chooses.",
			query: filterParameters(), out: journalDocument{}, status: http.StatusOK, run: a.of(a.showJournal),
		},
		{
			verb: http.MethodGet, path: project + "/verifications", does: "Counts links and codes that were redeemed or refused, by user_id for a user alone, and with a query the requests of the journal that it chooses.",
			query: filterParameters(), out: verificationDocument{}, status: http.StatusOK, run: a.of(a.showVerifications),
		},
		{
			verb: http.MethodPost, path: project + "/keys/rotate", does: "Lets a new key sign.",
			query: []adminParameter{{"revoke", "true takes the earlier keys away, so that their tokens are refused"}},
			out:   keysDocument{}, status: http.StatusOK, run: a.of(a.rotateKeys),
		},
	}, a.deliveryRoutes()...)
}

type health struct {
	FormatVersion int    `json:"format_version"`
	Status        string `json:"status"`
}

func (a admin) health(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, health{AdminVersion, "ok"})
}
