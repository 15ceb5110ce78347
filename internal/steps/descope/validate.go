package descope

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

func validateKind() *steps.Kind {
	return &steps.Kind{
		Name: "descope_session_validate", Provider: ProviderType, Idempotent: true, Class: steps.ClassSession,
		Doc: "Validates a session JWT as a backend should: signature, times, issuer and kind. The public keys are fetched once and kept.",
		Args: []steps.Arg{
			{Name: "session_jwt", Type: cty.String, Required: true, Sensitive: true, Doc: "The session JWT."},
			{Name: "leeway", Type: cty.String, Duration: true, Default: cty.StringVal("5s"), Echo: true, Doc: "By how much clocks may differ."},
		},
		Results: []steps.Attr{
			{Name: "claims", Type: cty.DynamicPseudoType, Doc: "The claims of the session JWT."},
			{Name: "header", Type: cty.DynamicPseudoType, Doc: "The header of the session JWT."},
		},
		Requests: func(steps.Args) []steps.Route { return []steps.Route{{Method: http.MethodGet, Path: api.PathKeys}} },
		Run:      validate,
	}
}

// signatureAlgorithms are those that a session JWT may be signed with: asymmetric
// ones alone, so that a public key can not pass for a shared secret.
func signatureAlgorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{
		jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
	}
}

func validate(ctx context.Context, env *steps.Env, a steps.Args) steps.Reply {
	c, ok := env.Conn.(*conn)
	if !ok {
		return steps.Reply{Unjudged: true, Reason: result.ReasonInternal, Message: "the step has no connection to its provider"}
	}
	token := a.String("session_jwt")
	signed, err := jose.ParseSignedCompact(token, signatureAlgorithms())
	if err != nil {
		return rejected("format: it is not a JWT with a signature algorithm that is allowed")
	}
	header := signed.Signatures[0].Header
	if header.KeyID == "" {
		return rejected("key: its header names no key")
	}
	key, fetched, err := c.publicKey(ctx, env, header.KeyID)
	if err != nil {
		return withoutKey(ctx, err, fetched)
	}
	r := c.checked(signed, token, key, a.Duration("leeway"))
	if fetched != nil {
		r.Start, r.Duration = fetched.Start, fetched.Duration
	}
	return r
}

// checked verifies the signature, and only then reads the claims.
func (c *conn) checked(signed *jose.JSONWebSignature, token string, key jose.JSONWebKey, leeway time.Duration) steps.Reply {
	if alg := signed.Signatures[0].Header.Algorithm; key.Algorithm != "" && key.Algorithm != alg {
		return rejected("signature: its algorithm is not the one of the key")
	}
	payload, err := signed.Verify(key)
	if err != nil {
		return rejected("signature: it was not made by the project's key")
	}
	var claims, header map[string]any
	if err := decode(payload, &claims); err != nil || claims == nil {
		return rejected("claims: they are not a JSON object")
	}
	if text := c.wrong(claims, leeway); text != "" {
		return rejected(text)
	}
	first, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil || decode(raw, &header) != nil {
		return rejected("format: its header is not a JSON object")
	}
	return steps.Reply{OK: true, Values: steps.Fixed{"claims": ctyObject(claims), "header": ctyObject(header)}}
}

// wrong gives the first check that the claims do not pass, or nothing.
func (c *conn) wrong(claims map[string]any, leeway time.Duration) string {
	now := c.now()
	exp, ok := moment(claims, api.ClaimExpiry)
	if !ok {
		return "exp: it does not say when it expires"
	}
	if over := now.Sub(exp); over >= leeway {
		return fmt.Sprintf("exp: it expired %s ago", over.Round(time.Second))
	}
	for _, name := range []string{api.ClaimNotBefore, api.ClaimIssuedAt} {
		if claims[name] == nil {
			continue
		}
		from, ok := moment(claims, name)
		if !ok {
			return name + ": it is not a time"
		}
		if early := from.Sub(now); early > leeway {
			return fmt.Sprintf("%s: it lies %s ahead", name, early.Round(time.Second))
		}
	}
	if iss, _ := claims[api.ClaimIssuer].(string); iss != c.project && !strings.HasSuffix(iss, "/"+c.project) {
		return "iss: it was not issued by the project"
	}
	if kind, _ := claims[api.ClaimKind].(string); kind != api.KindSession {
		return "drn: it is not a session JWT"
	}
	return ""
}

// rejected tells which check a token did not pass; the first word of check names it.
func rejected(check string) steps.Reply {
	return steps.Reply{Reason: result.ReasonTokenInvalid, TokenFault: tokenFault(check), Message: "the session JWT is not valid: " + check}
}

func tokenFault(check string) result.TokenFault {
	switch name, _, _ := strings.Cut(check, ":"); name {
	case "format", "key", "signature":
		return result.TokenSignature
	case api.ClaimExpiry:
		return result.TokenExpired
	case api.ClaimIssuer:
		return result.TokenIssuer
	}
	return result.TokenClaim
}

// withoutKey tells why there is no key to check with.
func withoutKey(ctx context.Context, err error, fetched *client.Response) steps.Reply {
	var fault *keysFault
	switch {
	case errors.Is(err, errNoKey):
		r := rejected("key: the project has no key of the ID in its header")
		if fetched != nil {
			r.Start, r.Duration = fetched.Start, fetched.Duration
		}
		return r
	case errors.As(err, &fault):
		reason := reasonOf(fault.resp.Status, "")
		return steps.Reply{
			Reason: reason, Message: fault.text, Status: fault.resp.Status, Start: fault.resp.Start, Duration: fault.resp.Duration,
			RetryAfter: steps.RetryAfter(fault.resp.Header, time.Now()), RequestID: requestID(fault.resp.Header),
		}
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil && !isClientError(err):
		return steps.Reply{Reason: result.ReasonTimeout, Message: "no public keys within the time allowed"}
	case errors.Is(err, context.Canceled) && !isClientError(err):
		return steps.Reply{Unjudged: true, Reason: result.ReasonCanceled, Message: "given up by the caller"}
	}
	return steps.Faulted(err)
}

func isClientError(err error) bool {
	var ce *client.Error
	return errors.As(err, &ce)
}
