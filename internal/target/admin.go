package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// admin is the admin listener of an emulator; the zero admin is none.
type admin struct {
	url   string
	token secret.String
}

var errProjectExists = errors.New("project exists already")

// projectFor makes the project of a provider and gives its ID and management key. One
// that the file does not name gets an ID that is free: of its seed the first, so that
// what the seed decides repeats unless another run has that project.
func (a admin) projectFor(ctx context.Context, c client.Client, p *plan.Provider) (id, key string, err error) {
	named, seed := p.Args.String("project_id"), p.Emulator.Seed
	for n := 0; ; n++ {
		id = named
		switch {
		case named != "":
		case seed != nil:
			id = emulator.ProjectID(*seed, n)
		default:
			id = "P" + randomText(27)
		}
		key, err = a.createProject(ctx, c, id, p.Args.String("management_key"), p.Emulator)
		if named != "" || !errors.Is(err, errProjectExists) {
			return id, key, err
		}
	}
}

// createProject makes a project and gives its management key.
func (a admin) createProject(ctx context.Context, c client.Client, id, key string, p policy.Project) (string, error) {
	body, err := json.Marshal(struct {
		ManagementKey string         `json:"management_key"`
		Policy        policy.Project `json:"policy"`
	}{key, p.Revealed()})
	if err != nil {
		return "", fmt.Errorf("policy: %w", err)
	}
	resp, err := a.do(ctx, c, http.MethodPut, id, body)
	if err != nil {
		return "", err
	}
	switch resp.Status {
	case http.StatusCreated:
	case http.StatusConflict:
		return "", errProjectExists
	default:
		return "", a.refused(resp)
	}
	var made struct {
		ManagementKey string `json:"management_key"`
	}
	if err := json.Unmarshal(resp.Body, &made); err != nil || made.ManagementKey == "" {
		return "", fmt.Errorf("admin listener %s: the answer is not that of an emulator", a.url)
	}
	return made.ManagementKey, nil
}

// dropProject takes a project away. One that is gone already is no error.
func (a admin) dropProject(c client.Client, id string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	resp, err := a.do(ctx, c, http.MethodDelete, id, nil)
	if err != nil {
		return err
	}
	if resp.Status != http.StatusNoContent && resp.Status != http.StatusNotFound {
		return a.refused(resp)
	}
	return nil
}

func (a admin) do(ctx context.Context, c client.Client, method, project string, body []byte) (*client.Response, error) {
	resp, err := c.Do(ctx, &client.Request{
		Method: method, URL: a.url + "/_ab/projects/" + url.PathEscape(project), Body: body,
		Header: client.Header{{Name: "Authorization", Value: "Bearer " + a.token.Reveal()}, {Name: "Content-Type", Value: "application/json"}},
	})
	if err != nil {
		return nil, &Unreachable{What: "admin listener " + a.url, Err: err}
	}
	return resp, nil
}

func (a admin) refused(resp *client.Response) error {
	var said struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(resp.Body, &said)
	return &Unreachable{What: "admin listener " + a.url, Err: fmt.Errorf("it refuses with status %d: %s", resp.Status, said.Error)}
}
