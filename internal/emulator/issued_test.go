package emulator

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/secret"
)

// status asks for the user of a refresh JWT.
func (c *crowd) status(project, jwt string) int {
	c.t.Helper()
	req := httptest.NewRequestWithContext(c.t.Context(), http.MethodGet, descope.PathMe, nil)
	req.Header.Set("Authorization", "Bearer "+project+":"+jwt)
	w := httptest.NewRecorder()
	c.api.ServeHTTP(w, req)
	return w.Code
}

// enter signs somebody in.
func (c *crowd) enter(login string) descope.AuthResponse {
	c.t.Helper()
	var out descope.AuthResponse
	id := descope.Identity{LoginID: login}
	c.post(descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), "", descope.SignInRequest{Identity: id}, nil)
	c.post(descope.PathMagicLinkVerify, "", descope.VerifyLinkRequest{Token: tokenIn(c.read(login))}, &out)
	return out
}

// A token is remembered as the one text that was issued. Every other text goes the
// whole way, and so does the text itself where nothing remembers it.
func TestOnlyTheIssuedTextIsRecalled(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	token := c.enter("+15555550101").RefreshJWT
	if _, ok := c.p.recall(token); !ok {
		t.Fatal("the token is not recalled")
	}
	signature := strings.LastIndexByte(token, '.') + 1
	raw, err := base64.RawURLEncoding.DecodeString(token[signature:])
	if err != nil {
		t.Fatal(err)
	}
	// 64 bytes in 86 letters: the last letter has four bits to spare.
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	others := []string{token[:len(token)-1] + alphabet[last+1:last+2], token + "=", strings.ToUpper(token)}
	for bit := range len(raw) * 8 {
		flipped := append([]byte(nil), raw...)
		flipped[bit/8] ^= 1 << (bit % 8)
		others = append(others, token[:signature]+base64.RawURLEncoding.EncodeToString(flipped))
	}
	for _, other := range others {
		if _, ok := c.p.recall(other); ok {
			t.Fatalf("%s is recalled", other)
		}
		if got := c.status(c.p.id, other); got != http.StatusUnauthorized {
			t.Fatalf("another text is answered %d, want 401", got)
		}
	}

	c.p.forgetIssued(c.p.sessions[c.onlySession()])
	if got := c.status(c.p.id, token); got != http.StatusOK {
		t.Errorf("a token that nothing remembers is answered %d, want 200", got)
	}
}

func (c *crowd) onlySession() (id string) {
	c.t.Helper()
	if len(c.p.sessions) != 1 {
		c.t.Fatalf("%d sessions, want 1", len(c.p.sessions))
	}
	for id = range c.p.sessions {
		break
	}
	return id
}

func TestTokenOfAnotherProjectIsNotRecalled(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	token := c.enter("+15555550101").RefreshJWT
	settings := *c.p.policy()
	other, err := c.e.CreateProject("Pother", secret.String{}, settings)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.status(other.ID, token); got != http.StatusUnauthorized {
		t.Errorf("another project answers %d, want 401", got)
	}
	c.e.DropProject(c.p.id)
	if _, err := c.e.CreateProject(c.p.id, secret.String{}, settings); err != nil {
		t.Fatal(err)
	}
	if got := c.status(c.p.id, token); got != http.StatusUnauthorized {
		t.Errorf("a project with another key answers %d, want 401", got)
	}
}

// Each session remembers one token: the one that is valid.
func TestRenewalsLeaveOneTokenRemembered(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	c.p.policy().RefreshTokenRotation = true
	token := c.enter("+15555550101").RefreshJWT
	for range 50 {
		var next descope.AuthResponse
		c.post(descope.PathRefresh, ":"+token, struct{}{}, &next)
		if _, ok := c.p.recall(token); ok {
			t.Fatal("a token that was replaced is remembered")
		}
		token = next.RefreshJWT
	}
	if got := len(c.p.issued); got != 1 {
		t.Errorf("%d tokens are remembered, want 1", got)
	}
	c.post(descope.PathLogout, ":"+token, struct{}{}, nil)
	if got := len(c.p.issued); got != 0 {
		t.Errorf("%d tokens are remembered behind a logout, want none", got)
	}
	if got := c.status(c.p.id, token); got != http.StatusUnauthorized {
		t.Errorf("a closed session's token is answered %d, want 401", got)
	}
}

// A token that was signed for a session that is gone, or was renewed while the
// signer was at work, is not remembered, nor is one of a key that was revoked.
func TestLateTokensAreNotRemembered(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	c.enter("+15555550101")
	s := c.p.sessions[c.onlySession()]
	key, err := c.p.keys.Load().signs()
	if err != nil {
		t.Fatal(err)
	}
	revoked, err := derivedKey("ES256", 1, "revoked")
	if err != nil {
		t.Fatal(err)
	}
	c.p.remember(&grant{sessionID: s.id, refreshTokenID: "Tother"}, key, "late")
	c.p.remember(&grant{sessionID: "Sgone", refreshTokenID: s.refreshID}, key, "late")
	c.p.remember(&grant{sessionID: s.id, refreshTokenID: s.refreshID}, revoked, "late")
	if _, ok := c.p.recall("late"); ok || len(c.p.issued) != 1 {
		t.Error("a late token is remembered")
	}
}
