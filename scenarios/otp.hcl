# One-time codes by SMS: sign-up, sign-in, both in one call, and wrong guesses.

scenario "otp_sign_up" {
  description = "A new user signs up by a code and is verified from then on."
  tags        = ["F05", "T", "E"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  step "descope_otp_sign_up" "send" {
    login_id = local.phone
    user     = { name = "Ada Lovelace" }
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.send.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "confirm" {
    login_id = local.phone
    code     = step.text.extracted.code

    assert {
      condition     = self.first_seen && self.user.verified_phone && self.user.phone == local.phone
      error_message = "Verifying the code must make a user, seen for the first time, with a verified phone."
    }

    assert {
      condition     = self.user.name == "Ada Lovelace"
      error_message = "What the sign-up said about the user must be kept."
    }
  }

  step "descope_session_validate" "session" {
    session_jwt = step.confirm.session_jwt
  }

  teardown {
    step "descope_user_delete" "user" {
      user_id = step.confirm.user.user_id
    }
  }
}

scenario "otp_sign_in" {
  description = "A known user signs in by a code, which then is used up."
  tags        = ["F06", "P", "T", "E"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  setup {
    step "descope_embedded_link_sign_up" "invite" {
      login_id       = local.phone
      phone_verified = true
    }

    step "descope_magiclink_verify" "user" {
      token = step.invite.token
    }
  }

  step "descope_otp_sign_in" "send" {
    login_id = local.phone
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.send.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "confirm" {
    login_id = local.phone
    code     = step.text.extracted.code

    assert {
      condition     = self.user.user_id == step.user.user.user_id && !self.first_seen && self.user.verified_phone
      error_message = "Signing in must give the user that was there before, with a verified phone."
    }
  }

  step "descope_otp_verify" "replay" {
    login_id = local.phone
    code     = step.text.extracted.code

    expect {
      status = "4xx"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "otp_sign_up_or_in" {
  description = "One call signs a new user up by a code, and the next one signs the same user in."
  tags        = ["F07", "T", "E"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  step "descope_otp_sign_up_or_in" "up" {
    login_id = local.phone
  }

  step "inbox_message" "up_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.up.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "user" {
    login_id = local.phone
    code     = step.up_text.extracted.code

    assert {
      condition     = self.first_seen && self.user.verified_phone
      error_message = "The first code must make a user, seen for the first time, with a verified phone."
    }
  }

  step "descope_otp_sign_up_or_in" "in" {
    login_id = local.phone
  }

  step "inbox_message" "in_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.in.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "again" {
    login_id = local.phone
    code     = step.in_text.extracted.code

    assert {
      condition     = self.user.user_id == step.user.user.user_id && !self.first_seen
      error_message = "The second code must sign the same user in."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "otp_wrong_code" {
  description = "A wrong code is refused, and the right one still works afterwards."
  tags        = ["N05", "T", "E"]

  locals {
    phone = fake_phone(iteration.id % local.phones)

    # The next number: six digits, and never the code itself.
    wrong_code = format("%06d", (parseint(step.text.extracted.code, 10) + 1) % 1000000)
  }

  setup {
    step "descope_embedded_link_sign_up" "invite" {
      login_id       = local.phone
      phone_verified = true
    }

    step "descope_magiclink_verify" "user" {
      token = step.invite.token
    }
  }

  step "descope_otp_sign_in" "send" {
    login_id = local.phone
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.send.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "guess" {
    login_id = local.phone
    code     = local.wrong_code

    expect {
      error_code = "E061102"
    }
  }

  step "descope_otp_verify" "confirm" {
    login_id = local.phone
    code     = step.text.extracted.code

    assert {
      condition     = self.user.user_id == step.user.user.user_id
      error_message = "The right code must sign the user in."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "otp_too_many_guesses" {
  description = "After too many wrong codes the right one is refused too, and only a new code helps."
  tags        = ["N06", "E"]
  targets     = ["emulator"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
    code  = parseint(step.text.extracted.code, 10)
  }

  setup {
    step "descope_embedded_link_sign_up" "invite" {
      login_id       = local.phone
      phone_verified = true
    }

    step "descope_magiclink_verify" "user" {
      token = step.invite.token
    }
  }

  step "descope_otp_sign_in" "send" {
    login_id = local.phone
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.send.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "guess" {
    for_each = toset([for n in range(1, local.otp_attempts + 1) : tostring(n)])
    login_id = local.phone
    code     = format("%06d", (local.code + tonumber(each.key)) % 1000000)

    expect {
      error_code = "E061102"
    }
  }

  step "descope_otp_verify" "one_more" {
    login_id = local.phone
    code     = format("%06d", (local.code + local.otp_attempts + 1) % 1000000)

    expect {
      error_code = "E061103"
    }
  }

  step "descope_otp_verify" "right_too_late" {
    login_id = local.phone
    code     = step.text.extracted.code

    expect {
      error_code = "E061103"
    }
  }

  step "descope_otp_sign_in" "resend" {
    login_id = local.phone
  }

  step "inbox_message" "second_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.resend.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "confirm" {
    login_id = local.phone
    code     = step.second_text.extracted.code
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}
