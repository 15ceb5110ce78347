# What is sent and asked has limits, and a refusal for them is honest: it says when to come
# again, that is enough, and nothing was sent.

scenario "rate_limit" {
  description = "Beyond its rate limit the API refuses with 429 and says when it will answer again, and then it does."
  tags        = ["N14", "S29", "E"]
  targets     = ["emulator"]
  serial      = "limited"

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  setup {
    step "emulator_reset" "fresh" {
      provider = descope.limited
    }

    step "descope_user_create" "user" {
      provider       = descope.limited
      login_id       = local.phone
      phone          = local.phone
      verified_phone = true
    }
  }

  step "emulator_clock" "stop" {
    provider = descope.limited
    freeze   = true
  }

  step "descope_magiclink_sign_in" "within" {
    for_each     = toset(["1", "2", "3", "4", "5"])
    provider     = descope.limited
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "descope_magiclink_sign_in" "beyond" {
    provider     = descope.limited
    login_id     = local.phone
    redirect_url = var.redirect_url

    expect {
      status     = 429
      error_code = "E130429"
    }

    assert {
      condition     = can(regex("^[1-9][0-9]*$", self.headers["retry-after"]))
      error_message = "A 429 must say in whole seconds when to come again."
    }

    assert {
      condition     = startswith(self.headers["content-type"], "application/json") && self.error.code != "" && self.error.description != ""
      error_message = "A 429 must be told in JSON, as any other refusal."
    }
  }

  step "emulator_messages" "sent" {
    provider = descope.limited
    to       = local.phone

    assert {
      condition     = self.sent == 5
      error_message = "The refused request must have sent nothing."
    }
  }

  step "emulator_clock" "too_soon" {
    provider = descope.limited
    advance  = "${tonumber(step.beyond.headers["retry-after"]) - 1}s"
  }

  step "descope_magiclink_sign_in" "impatient" {
    provider     = descope.limited
    login_id     = local.phone
    redirect_url = var.redirect_url

    expect {
      status     = 429
      error_code = "E130429"
    }
  }

  step "emulator_clock" "then" {
    provider = descope.limited
    advance  = "1s"
  }

  step "descope_magiclink_sign_in" "patient" {
    provider     = descope.limited
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "emulator_messages" "sent_at_last" {
    provider = descope.limited
    to       = local.phone

    assert {
      condition     = self.sent == 6
      error_message = "The refused requests must have sent nothing, now or later."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.limited
      user_id  = step.user.user.user_id
    }

    step "emulator_clock" "go_on" {
      provider = descope.limited
      freeze   = false
    }
  }
}

scenario "send_limit" {
  description = "Nobody gets more messages than the limit for a recipient, others are not held back by it, and it ends."
  tags        = ["S25", "S29", "E"]
  targets     = ["emulator"]
  serial      = "limited"

  locals {
    phone = fake_phone(iteration.id % local.phones)
    other = fake_phone(iteration.id % local.phones + local.phones)
  }

  setup {
    step "emulator_reset" "fresh" {
      provider = descope.limited
    }

    step "descope_user_create" "user" {
      provider       = descope.limited
      login_id       = local.phone
      phone          = local.phone
      verified_phone = true
    }
  }

  step "emulator_clock" "stop" {
    provider = descope.limited
    freeze   = true
  }

  step "descope_otp_sign_in" "within" {
    for_each = toset(["1", "2", "3"])
    provider = descope.limited
    login_id = local.phone
  }

  step "descope_otp_sign_in" "beyond" {
    provider = descope.limited
    login_id = local.phone

    expect {
      status = 429
    }

    assert {
      condition     = can(regex("^[1-9][0-9]*$", self.headers["retry-after"]))
      error_message = "A 429 must say in whole seconds when to come again."
    }

    assert {
      condition     = startswith(self.headers["content-type"], "application/json") && self.error.code != "" && self.error.description != ""
      error_message = "A 429 must be told in JSON, as any other refusal."
    }
  }

  step "emulator_messages" "sent" {
    provider = descope.limited
    to       = local.phone

    assert {
      condition     = self.sent == 3
      error_message = "The recipient must have got three messages and no more."
    }
  }

  step "descope_otp_sign_up" "somebody_else" {
    provider = descope.limited
    login_id = local.other
  }

  step "emulator_clock" "too_soon" {
    provider = descope.limited
    advance  = "${tonumber(step.beyond.headers["retry-after"]) - 1}s"
  }

  step "descope_otp_sign_in" "impatient" {
    provider = descope.limited
    login_id = local.phone

    expect {
      status = 429
    }
  }

  step "emulator_messages" "quiet" {
    provider = descope.limited
    to       = local.phone

    assert {
      condition     = self.sent == 3 && self.delivered == 3 && self.pending == 0
      error_message = "Until the limit ends the recipient must get nothing more."
    }
  }

  step "emulator_clock" "then" {
    provider = descope.limited
    advance  = "1s"
  }

  step "descope_otp_sign_in" "again" {
    provider = descope.limited
    login_id = local.phone
  }

  step "emulator_messages" "sent_at_last" {
    provider = descope.limited
    to       = local.phone

    assert {
      condition     = self.sent == 4 && self.delivered == 4
      error_message = "When the limit has ended, the recipient must get messages again, and none of those that were refused."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.limited
      user_id  = step.user.user.user_id
    }

    step "emulator_clock" "go_on" {
      provider = descope.limited
      freeze   = false
    }
  }
}

scenario "otp_lockout" {
  description = "Guesses count over all codes of a user, so a new code brings no new guesses, and the lockout ends."
  tags        = ["N06", "E"]
  targets     = ["emulator"]
  serial      = "limited"

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  setup {
    step "emulator_reset" "fresh" {
      provider = descope.limited
    }

    step "descope_user_create" "user" {
      provider       = descope.limited
      login_id       = local.phone
      phone          = local.phone
      verified_phone = true
    }
  }

  step "descope_otp_sign_in" "send_1" {
    provider = descope.limited
    login_id = local.phone
  }

  step "inbox_message" "text_1" {
    inbox = inbox.limited_sms
    to    = local.phone
    after = step.send_1.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "guess_1" {
    provider = descope.limited
    login_id = local.phone
    code     = step.text_1.extracted.code == "000000" ? "000001" : "000000"

    expect {
      error_code = "E061102"
    }
  }

  step "descope_otp_verify" "guess_2" {
    provider = descope.limited
    login_id = local.phone
    code     = step.text_1.extracted.code == "000000" ? "000001" : "000000"

    expect {
      error_code = "E061102"
    }
  }

  step "descope_otp_verify" "locked" {
    provider = descope.limited
    login_id = local.phone
    code     = step.text_1.extracted.code

    expect {
      error_code = "E061103"
    }
  }

  step "descope_otp_sign_in" "send_2" {
    provider = descope.limited
    login_id = local.phone
  }

  step "inbox_message" "text_2" {
    inbox = inbox.limited_sms
    to    = local.phone
    after = step.send_2.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "guess_3" {
    provider = descope.limited
    login_id = local.phone
    code     = step.text_2.extracted.code == "000000" ? "000001" : "000000"

    expect {
      error_code = "E061102"
    }
  }

  step "descope_otp_verify" "still_locked" {
    provider = descope.limited
    login_id = local.phone
    code     = step.text_2.extracted.code

    expect {
      error_code = "E061103"
    }
  }

  step "emulator_clock" "later" {
    provider = descope.limited
    advance  = "10m"
  }

  step "descope_otp_sign_in" "send_3" {
    provider = descope.limited
    login_id = local.phone
  }

  step "inbox_message" "text_3" {
    inbox = inbox.limited_sms
    to    = local.phone
    after = step.send_3.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "unlocked" {
    provider = descope.limited
    login_id = local.phone
    code     = step.text_3.extracted.code
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.limited
      user_id  = step.user.user.user_id
    }
  }
}
