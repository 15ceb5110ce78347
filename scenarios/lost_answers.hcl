# An answer that gets lost after the work was done: whoever asks again is not stranded, and
# nobody gets twice what was asked for once. It is lost behind a 503, which clients such as
# the vendor's SDK repeat without a word, or with its connection. The steps repeat as they do.

scenario "lost_acknowledgement_of_verify" {
  description = "When the answer to a redeemed link is lost, the link is used up and says so, and a new one signs in."
  tags        = ["R14", "E"]
  for_each    = { overload = { action = "status", status = 503 }, reset = { action = "reset", status = null } }
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
    action   = each.value.action
    status   = each.value.status
    count    = 1
  }

  step "descope_magiclink_verify" "twice" {
    provider = descope.steered
    token    = step.text_1.extracted.token

    retry {
      attempts  = 2
      on        = ["connection", 503]
      min_delay = "100ms"
      force     = true
    }

    expect {
      status     = 401
      error_code = "E062504"
    }

    assert {
      condition     = self.attempts == 2
      error_message = "The first answer must have been lost."
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
  for_each    = { overload = { action = "status", status = 503 }, reset = { action = "reset", status = null } }
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
    action   = each.value.action
    status   = each.value.status
    count    = 1
  }

  step "descope_magiclink_sign_in" "twice" {
    provider     = descope.steered
    login_id     = local.phone
    redirect_url = var.redirect_url

    retry {
      attempts  = 2
      on        = ["connection", 503]
      min_delay = "100ms"
      force     = true
    }

    assert {
      condition     = self.attempts == 2
      error_message = "The first answer must have been lost."
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

  step "emulator_messages" "sent" {
    provider = descope.steered
    to       = local.phone

    assert {
      condition     = self.sent == 2 && self.delivered == 2
      error_message = "Two requests must have sent two messages and no more."
    }
  }

  step "inbox_message" "text" {
    for_each = toset(["1st", "2nd"])
    inbox    = inbox.steered_sms
    to       = local.phone
    after    = step.twice.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "signed_in" {
    for_each = toset(["1st", "2nd"])
    provider = descope.steered
    token    = step.text[each.key].extracted.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id
      error_message = "Either link must sign the same user in."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.steered
      user_id  = step.user.user.user_id
    }
  }
}
