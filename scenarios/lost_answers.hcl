# An answer that gets lost after the work was done: whoever asks again is not stranded, and
# nobody gets twice what was asked for once.

scenario "lost_acknowledgement_of_verify" {
  description = "When the answer to a redeemed link is lost, the link is used up and says so, and a new one signs in."
  tags        = ["R14", "E"]
  targets     = ["emulator"]
  serial      = "steered"

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  setup {
    step "emulator_reset" "fresh" {
      provider = descope.steered
    }

    step "descope_user_create" "user" {
      provider       = descope.steered
      login_id       = local.phone
      phone          = local.phone
      verified_phone = true
    }
  }

  step "descope_magiclink_sign_in" "send_1" {
    provider     = descope.steered
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "inbox_message" "text_1" {
    inbox = inbox.steered_sms
    to    = local.phone
    after = step.send_1.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "emulator_fault" "lost" {
    provider = descope.steered
    name     = "lost_acknowledgement"
    match    = "POST /v1/auth/magiclink/verify"
    phase    = "after_commit"
    action   = "status"
    status   = 500
    count    = 1
  }

  step "descope_magiclink_verify" "unanswered" {
    provider = descope.steered
    token    = step.text_1.extracted.token

    expect {
      status = 500
    }
  }

  step "emulator_fault" "struck" {
    provider = descope.steered
    name     = "lost_acknowledgement"

    assert {
      condition     = self.struck == 1
      error_message = "The fault must have struck once."
    }
  }

  step "descope_magiclink_verify" "again" {
    provider = descope.steered
    token    = step.text_1.extracted.token

    expect {
      error_code = "E062504"
    }
  }

  step "descope_magiclink_sign_in" "send_2" {
    provider     = descope.steered
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "inbox_message" "text_2" {
    inbox = inbox.steered_sms
    to    = local.phone
    after = step.send_2.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "signed_in" {
    provider = descope.steered
    token    = step.text_2.extracted.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id
      error_message = "The same user must be signed in."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.steered
      user_id  = step.user.user.user_id
    }
  }
}

scenario "lost_acknowledgement_of_send" {
  description = "When the answer to a send is lost, asking again costs one message more and no more, and either link works."
  tags        = ["R14", "E"]
  targets     = ["emulator"]
  serial      = "steered"

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  setup {
    step "emulator_reset" "fresh" {
      provider = descope.steered
    }

    step "descope_user_create" "user" {
      provider       = descope.steered
      login_id       = local.phone
      phone          = local.phone
      verified_phone = true
    }
  }

  step "emulator_fault" "lost" {
    provider = descope.steered
    name     = "lost_acknowledgement"
    match    = "POST /v1/auth/magiclink/signin/*"
    phase    = "after_commit"
    action   = "status"
    status   = 500
    count    = 1
  }

  step "descope_magiclink_sign_in" "unanswered" {
    provider     = descope.steered
    login_id     = local.phone
    redirect_url = var.redirect_url

    expect {
      status = 500
    }
  }

  step "descope_magiclink_sign_in" "answered" {
    provider     = descope.steered
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "emulator_messages" "sent" {
    provider = descope.steered
    to       = local.phone

    assert {
      condition     = self.sent == 2
      error_message = "Two requests must have sent two messages."
    }
  }

  step "inbox_message" "text" {
    inbox = inbox.steered_sms
    to    = local.phone
    after = step.answered.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "signed_in" {
    provider = descope.steered
    token    = step.text.extracted.token
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.steered
      user_id  = step.user.user.user_id
    }
  }
}
