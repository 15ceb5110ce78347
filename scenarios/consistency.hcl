# What holds once the dust has settled: a changed number is the same everywhere.

scenario "phone_by_code_then_both" {
  description = "A number that was changed by a code is where links and codes go, and nothing goes to the old one."
  tags        = ["C02", "T", "E"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
    next  = fake_phone(iteration.id % local.phones + local.phones)
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

  step "descope_otp_update_phone" "change" {
    login_id    = local.phone
    phone       = local.next
    refresh_jwt = step.user.refresh_jwt
  }

  step "inbox_message" "change_text" {
    inbox = inbox.sms
    to    = local.next
    after = step.change.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "change_confirm" {
    login_id = local.phone
    code     = step.change_text.extracted.code

    assert {
      condition     = self.user.phone == local.next && self.user.verified_phone
      error_message = "Proving the number must make it the user's."
    }
  }

  step "descope_magiclink_sign_in" "signin" {
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "inbox_message" "signin_text" {
    inbox = inbox.sms
    to    = local.next
    after = step.signin.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "signin_confirm" {
    token = step.signin_text.extracted.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id && self.user.phone == local.next
      error_message = "The link must go to the new number and sign the same user in."
    }
  }

  step "descope_otp_sign_in" "code" {
    login_id = local.phone
  }

  step "inbox_message" "code_text" {
    inbox = inbox.sms
    to    = local.next
    after = step.code.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "code_confirm" {
    login_id = local.phone
    code     = step.code_text.extracted.code

    assert {
      condition     = self.user.user_id == step.user.user.user_id && self.user.phone == local.next
      error_message = "The code must go to the new number and sign the same user in."
    }
  }

  # The old number has got nothing since the change when this is the first message there.
  step "descope_otp_update_phone" "back" {
    login_id    = local.phone
    phone       = local.phone
    refresh_jwt = step.code_confirm.refresh_jwt
  }

  step "inbox_message" "back_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.signin.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "back_confirm" {
    login_id = local.phone
    code     = step.back_text.extracted.code

    assert {
      condition     = self.user.phone == local.phone && self.user.verified_phone
      error_message = "The first message to the old number since the change must be the one that leads back."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "old_messages_after_change" {
  description = "A link and a code that were sent to the old number before a change sign the same user in, once, and do not bring the number back."
  tags        = ["C03", "E"]
  targets     = ["emulator"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
    next  = fake_phone(iteration.id % local.phones + local.phones)
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

  step "descope_magiclink_sign_in" "link" {
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "inbox_message" "link_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.link.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_otp_sign_in" "code" {
    login_id = local.phone
  }

  step "inbox_message" "code_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.code.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_update_phone" "change" {
    login_id    = local.phone
    phone       = local.next
    refresh_jwt = step.user.refresh_jwt
  }

  step "inbox_message" "change_text" {
    inbox = inbox.sms
    to    = local.next
    after = step.change.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "change_confirm" {
    login_id = local.phone
    code     = step.change_text.extracted.code

    assert {
      condition     = self.user.phone == local.next && self.user.verified_phone
      error_message = "Proving the number must make it the user's."
    }
  }

  step "descope_magiclink_verify" "link_confirm" {
    token = step.link_text.extracted.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id && self.user.phone == local.next
      error_message = "The link must sign the same user in, and the number that was proved last must stay."
    }
  }

  step "descope_magiclink_verify" "link_again" {
    token = step.link_text.extracted.token

    expect {
      error_code = "E062504"
    }
  }

  step "descope_otp_verify" "code_confirm" {
    login_id = local.phone
    code     = step.code_text.extracted.code

    assert {
      condition     = self.user.user_id == step.user.user.user_id && self.user.phone == local.next
      error_message = "The code must sign the same user in, and the number that was proved last must stay."
    }
  }

  step "descope_otp_verify" "code_again" {
    login_id = local.phone
    code     = step.code_text.extracted.code

    expect {
      error_code = "E061102"
    }
  }

  step "descope_user_load" "after" {
    user_id = step.user.user.user_id

    assert {
      condition     = self.user.phone == local.next && self.user.verified_phone && self.user.login_ids == tolist([local.phone])
      error_message = "What was sent before the change must leave the user as the change made them."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}
