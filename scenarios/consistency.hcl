# What holds once the dust has settled: a changed number is the same everywhere.

scenario "phone_by_code_then_link" {
  description = "A number that was changed by a code is where links go, and nothing goes to the old one."
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


  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "old_link_after_change" {
  description = "A link that was sent to the old number before a change signs the same user in and does not bring the number back."
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

  step "descope_magiclink_sign_in" "before" {
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "inbox_message" "before_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.before.started_at

    extract {
      token = local.token_pattern
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

  step "descope_magiclink_verify" "before_confirm" {
    token = step.before_text.extracted.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id && self.user.phone == local.next
      error_message = "The number that was proved last must stay."
    }
  }


  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "phone_there_and_back" {
  description = "A number that is changed and changed back leaves nothing behind."
  tags        = ["C05", "E"]
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

  step "descope_otp_update_phone" "there" {
    login_id    = local.phone
    phone       = local.next
    refresh_jwt = step.user.refresh_jwt
  }

  step "inbox_message" "there_text" {
    inbox = inbox.sms
    to    = local.next
    after = step.there.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "there_confirm" {
    login_id = local.phone
    code     = step.there_text.extracted.code

    assert {
      condition     = self.user.phone == local.next && self.user.verified_phone
      error_message = "Proving the number must make it the user's."
    }
  }

  step "descope_otp_update_phone" "back" {
    login_id    = local.phone
    phone       = local.phone
    refresh_jwt = step.there_confirm.refresh_jwt
  }

  step "inbox_message" "back_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.back.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_otp_verify" "back_confirm" {
    login_id = local.phone
    code     = step.back_text.extracted.code

    assert {
      condition     = self.user.phone == local.phone && self.user.verified_phone
      error_message = "Proving the number must make it the user's."
    }
  }

  step "descope_user_load" "after" {
    user_id = step.user.user.user_id

    assert {
      condition     = self.user.phone == local.phone && self.user.verified_phone && length(self.user.login_ids) == 1 && self.user.login_ids[0] == local.phone
      error_message = "The user must have the old number, verified, and one login ID as before."
    }
  }

  step "descope_magiclink_sign_in" "signin" {
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "inbox_message" "signin_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.signin.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "signin_confirm" {
    token = step.signin_text.extracted.token
  }


  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "phone_agrees_everywhere" {
  description = "After a change the session, the user and the management agree on the number at once, and the tokens verify."
  tags        = ["C06", "P", "T", "E"]

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

  step "descope_session_validate" "session" {
    session_jwt = step.change_confirm.session_jwt
  }

  step "descope_me" "me" {
    refresh_jwt = step.change_confirm.refresh_jwt
  }

  step "descope_user_load" "managed" {
    user_id = step.user.user.user_id

    assert {
      condition     = self.user.phone == local.next && step.me.user.phone == local.next && self.user.verified_phone && step.me.user.verified_phone
      error_message = "Who asks for the user must hear of the new number, whoever asks."
    }

    assert {
      condition     = step.change_confirm.claims.sub == self.user.user_id && step.me.user.user_id == self.user.user_id
      error_message = "The tokens must be those of the user."
    }
  }


  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}
