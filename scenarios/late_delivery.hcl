# A message that arrives late: what it holds lives no longer for it. Lifetimes run from the
# send, by the clock of the third project.

scenario "late_link" {
  description = "A link that arrives late lives no longer for it: its lifetime runs from the send."
  tags        = ["S04", "E"]
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

  step "emulator_clock" "stop" {
    provider = descope.steered
    freeze   = true
  }

  step "emulator_delivery" "slow" {
    provider = descope.steered
    latency  = "1m"
  }

  step "descope_magiclink_sign_in" "send_1" {
    provider     = descope.steered
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "descope_magiclink_sign_in" "send_2" {
    provider     = descope.steered
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "emulator_messages" "on_their_way" {
    provider = descope.steered
    to       = local.phone

    assert {
      condition     = self.sent == 2 && self.pending == 2 && self.delivered == 0
      error_message = "Both messages must be on their way."
    }
  }

  step "emulator_clock" "arrival" {
    provider = descope.steered
    advance  = "1m"
  }

  step "inbox_message" "text_1" {
    inbox = inbox.steered_sms
    to    = local.phone
    after = step.send_1.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "inbox_message" "text_2" {
    inbox = inbox.steered_sms
    to    = local.phone
    after = step.send_2.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "emulator_clock" "last_second" {
    provider = descope.steered
    advance  = "${local.link_lifetime - 61}s"
  }

  step "descope_magiclink_verify" "in_time" {
    provider = descope.steered
    token    = step.text_1.extracted.token
  }

  step "emulator_clock" "end" {
    provider = descope.steered
    advance  = "1s"
  }

  step "descope_magiclink_verify" "too_late" {
    provider = descope.steered
    token    = step.text_2.extracted.token

    expect {
      error_code = "E062504"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.steered
      user_id  = step.user.user.user_id
    }

    step "emulator_clock" "go_on" {
      provider = descope.steered
      freeze   = false
    }
  }
}

scenario "late_code" {
  description = "A code that arrives late lives no longer for it: its lifetime runs from the send."
  tags        = ["S04", "E"]
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

  step "emulator_clock" "stop" {
    provider = descope.steered
    freeze   = true
  }

  step "emulator_delivery" "slow" {
    provider = descope.steered
    latency  = "1m"
  }

  step "descope_otp_sign_in" "send_1" {
    provider = descope.steered
    login_id = local.phone
  }

  step "emulator_messages" "on_its_way" {
    provider = descope.steered
    to       = local.phone

    assert {
      condition     = self.sent == 1 && self.pending == 1 && self.delivered == 0
      error_message = "The message must be on its way."
    }
  }

  step "emulator_clock" "arrival_1" {
    provider = descope.steered
    advance  = "1m"
  }

  step "inbox_message" "text_1" {
    inbox = inbox.steered_sms
    to    = local.phone
    after = step.send_1.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "emulator_clock" "last_second" {
    provider = descope.steered
    advance  = "${local.code_lifetime - 61}s"
  }

  step "descope_otp_verify" "in_time" {
    provider = descope.steered
    login_id = local.phone
    code     = step.text_1.extracted.code
  }

  # A later code replaces an earlier one, so the end needs one of its own.
  step "descope_otp_sign_in" "send_2" {
    provider = descope.steered
    login_id = local.phone
  }

  step "emulator_clock" "arrival_2" {
    provider = descope.steered
    advance  = "1m"
  }

  step "inbox_message" "text_2" {
    inbox = inbox.steered_sms
    to    = local.phone
    after = step.send_2.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "emulator_clock" "end" {
    provider = descope.steered
    advance  = "${local.code_lifetime - 60}s"
  }

  step "descope_otp_verify" "too_late" {
    provider = descope.steered
    login_id = local.phone
    code     = step.text_2.extracted.code

    expect {
      error_code = "E061104"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.steered
      user_id  = step.user.user.user_id
    }

    step "emulator_clock" "go_on" {
      provider = descope.steered
      freeze   = false
    }
  }
}
