package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/descope"
)

const maxBatch = 1000 // users of one request

// createUsers makes each user of a list that can be made.
func (c *call) createUsers() (any, error) {
	var in descope.CreateUsersRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Invite || in.InviteURL != "" {
		return nil, refuse(descope.NotEmulated, "invite is not emulated")
	}
	if err := checkBatch("users", len(in.Users)); err != nil {
		return nil, err
	}
	infos, faults := make([]descope.User, len(in.Users)), make([]error, len(in.Users))
	for i, request := range in.Users {
		infos[i], faults[i] = checkCreation(request, request.Test)
	}
	out := emptyBatch()
	out.CreatedUsers = []descope.User{}
	return &out, c.project.locked(func(now time.Time) error {
		for i, request := range in.Users {
			made, err := descope.UserResponse{}, faults[i]
			if err == nil {
				made, err = c.project.create(now, infos[i])
			}
			if err != nil {
				out.FailedUsers = append(out.FailedUsers, failed(request.Login(), c.answered(err)))
				continue
			}
			if *made.Created {
				c.managed(now, descope.ActionUsersCreated, &made.User)
			}
			out.CreatedUsers = append(out.CreatedUsers, made.User)
		}
		return nil
	})
}

// patchUsers changes each user of a list that can be changed.
func (c *call) patchUsers() (any, error) {
	var in descope.PatchUsersRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := checkBatch("users", len(in.Users)); err != nil {
		return nil, err
	}
	changes, faults := make([]change, len(in.Users)), make([]error, len(in.Users))
	for i, request := range in.Users {
		changes[i], faults[i] = checkChange(request)
	}
	out := emptyBatch()
	out.PatchedUsers = []descope.User{}
	return &out, c.project.locked(func(now time.Time) error {
		for i, request := range in.Users {
			u, err := (*user)(nil), faults[i]
			if err == nil {
				u, err = c.project.change(now, changes[i])
			}
			if err != nil {
				out.FailedUsers = append(out.FailedUsers, failed(request.Login(), c.answered(err)))
				continue
			}
			c.managed(now, descope.ActionUsersModified, &u.info)
			out.PatchedUsers = append(out.PatchedUsers, u.snapshot())
		}
		return nil
	})
}

func emptyBatch() descope.UsersBatchResponse {
	return descope.UsersBatchResponse{FailedUsers: []descope.FailedUser{}, AdditionalErrors: map[string]string{}}
}

func failed(login string, err error) descope.FailedUser {
	info := blankInfo()
	info.LoginIDs = append(info.LoginIDs, login)
	_, body := failure(err)
	return descope.FailedUser{Failure: "[" + body.ErrorCode + "] " + body.ErrorMessage, User: info}
}

func checkBatch(field string, n int) error {
	switch {
	case n == 0:
		return required(field)
	case n > maxBatch:
		return invalid(field, "has too many entries")
	}
	return nil
}

// deleteUsers deletes the users of a list; one that does not exist is passed over.
func (c *call) deleteUsers() (any, error) {
	var in descope.DeleteUsersRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := checkBatch("userIds", len(in.UserIDs)); err != nil {
		return nil, err
	}
	return struct{}{}, c.project.locked(func(now time.Time) error {
		for _, id := range in.UserIDs {
			if u, ok := c.project.users.byID[id]; ok {
				c.managed(now, descope.ActionUsersDeleted, &u.info)
				c.project.deleteUser(u)
			}
		}
		return nil
	})
}

// loadUsers gives the users of a list that exist, in its order.
func (c *call) loadUsers() (any, error) {
	var in descope.LoadUsersRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := checkBatch("userIds", len(in.UserIDs)); err != nil {
		return nil, err
	}
	out := descope.UsersResponse{Users: []descope.User{}}
	return &out, c.project.locked(func(time.Time) error {
		for _, id := range in.UserIDs {
			u, ok := c.project.users.byID[id]
			if ok && (in.IncludeInvalidUsers || u.info.Status == descope.StatusEnabled || u.info.Status == descope.StatusInvited) {
				out.Users = append(out.Users, u.snapshot())
			}
		}
		return nil
	})
}
