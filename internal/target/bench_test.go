package target_test

import (
	"testing"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/runner"
	"github.com/authbench/authbench/internal/target"
)

// fourSteps is the flow that the costs of other generators are stated for: sign up,
// read the inbox, redeem, ask for a phone change.
const fourSteps = `
provider "descope" {
  base_url = "URL"
  emulator { signing_alg = "ES256" }
}
inbox "sms" {}
scenario "four_steps" {
  locals { phone = fake_phone(iteration.id % 28800) }
  step "descope_magiclink_sign_up_or_in" "send" { login_id = local.phone }
  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.send.started_at
    extract { token = "[?&]t=([^&#\\s]+)" }
  }
  step "descope_magiclink_verify" "confirm" {
    token = step.text.extracted.token
    assert {
      condition     = self.user.phone == local.phone
      error_message = "The user must have the phone."
    }
  }
  step "descope_magiclink_update_phone" "change" {
    login_id    = local.phone
    phone       = fake_phone((iteration.id + 14400) % 28800)
    refresh_jwt = step.confirm.refresh_jwt
    assert {
      condition     = self.status == 200
      error_message = "The change must be accepted."
    }
  }
}`

// BenchmarkIteration is one four-step iteration over real HTTP, one at a time: the
// runner, the steps and the emulator that answers them, all in this process.
func BenchmarkIteration(b *testing.B) {
	p := load(b, fourSteps, "emulator")
	s, diags, err := target.Open(b.Context(), []*plan.Plan{p}, target.Options{Seed: 1})
	if err != nil || len(diags) > 0 {
		b.Fatalf("opening: %v, %v", err, diags)
	}
	defer func() { _ = s.Close() }()
	b.ReportAllocs()
	b.ResetTimer()
	account, err := runner.Run(b.Context(), b.Context(), []*plan.Plan{p}, s.Environment, runner.Options{Parallelism: 1, Repeat: b.N, Seed: 1})
	if err != nil || account.Success != b.N {
		b.Fatalf("got %+v, %v", account, err)
	}
}
