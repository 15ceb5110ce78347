# How long links and codes live, to the second: the clock of the third project is moved.

scenario "magiclink_lifetime" {
  description = "A magic link works in the last second of its lifetime and no longer, however often it is tried."
  tags        = ["F31", "S03", "E"]
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

  assert {
    condition     = local.link_lifetime <= 600
    error_message = "A link that lives longer than ten minutes is against OWASP ASVS 6.5.5."
  }

  step "emulator_clock" "stop" {
    provider = descope.steered
    freeze   = true
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

  step "descope_magiclink_sign_in" "send_3" {
    provider     = descope.steered
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "inbox_message" "text_3" {
    inbox = inbox.steered_sms
    to    = local.phone
    after = step.send_3.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "emulator_clock" "last_second" {
    provider = descope.steered
    advance  = "${local.link_lifetime - 1}s"
  }

  step "descope_magiclink_verify" "in_time" {
    provider = descope.steered
    token    = step.text_1.extracted.token
  }

  step "emulator_clock" "end" {
    provider = descope.steered
    advance  = "1s"
  }

  step "descope_magiclink_verify" "at_the_end" {
    provider = descope.steered
    token    = step.text_2.extracted.token

    expect {
      status     = 401
      error_code = "E062504"
    }
  }

  step "descope_magiclink_verify" "again" {
    provider = descope.steered
    token    = step.text_2.extracted.token

    expect {
      status     = 401
      error_code = "E062504"
    }
  }

  step "emulator_clock" "behind" {
    provider = descope.steered
    advance  = "1s"
  }

  step "descope_magiclink_verify" "still" {
    provider = descope.steered
    token    = step.text_2.extracted.token

    expect {
      status     = 401
      error_code = "E062504"
    }
  }

  step "descope_magiclink_verify" "too_late" {
    provider = descope.steered
    token    = step.text_3.extracted.token

    expect {
      status     = 401
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

scenario "otp_lifetime" {
  description = "A code works in the last second of its lifetime, and is refused as expired from its end on."
  tags        = ["F31", "N07", "E"]
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

  step "descope_otp_sign_in" "send_1" {
    provider = descope.steered
    login_id = local.phone
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
    advance  = "${local.code_lifetime - 1}s"
  }

  step "descope_otp_verify" "in_time" {
    provider = descope.steered
    login_id = local.phone
    code     = step.text_1.extracted.code
  }

  step "descope_otp_sign_in" "send_2" {
    provider = descope.steered
    login_id = local.phone
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
    advance  = "${local.code_lifetime}s"
  }

  step "descope_otp_verify" "at_the_end" {
    provider = descope.steered
    login_id = local.phone
    code     = step.text_2.extracted.code

    expect {
      error_code = "E061104"
    }
  }

  step "emulator_clock" "behind" {
    provider = descope.steered
    advance  = "1s"
  }

  step "descope_otp_verify" "still" {
    provider = descope.steered
    login_id = local.phone
    code     = step.text_2.extracted.code

    expect {
      error_code = "E061104"
    }
  }

  step "descope_otp_sign_in" "send_3" {
    provider = descope.steered
    login_id = local.phone
  }

  step "inbox_message" "text_3" {
    inbox = inbox.steered_sms
    to    = local.phone
    after = step.send_3.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "emulator_clock" "far_behind" {
    provider = descope.steered
    advance  = "${local.code_lifetime + 1}s"
  }

  step "descope_otp_verify" "too_late" {
    provider = descope.steered
    login_id = local.phone
    code     = step.text_3.extracted.code

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
