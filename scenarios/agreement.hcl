# A changed number is the same everywhere, and one that was given up is nowhere.

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
      condition     = self.user.phone == local.phone && self.user.verified_phone && self.user.login_ids == tolist([local.phone])
      error_message = "The user must have the old number, verified, and one login ID as before."
    }
  }

  step "descope_user_search" "owners" {
    phones = [local.phone]

    assert {
      condition     = self.total == 1 && self.users[0].user_id == step.user.user.user_id
      error_message = "The old number must be that of one user, who had it before."
    }
  }

  step "descope_user_search" "left_over" {
    phones = [local.next]

    assert {
      condition     = self.total == 0
      error_message = "The number in between must be nobody's."
    }
  }

  step "descope_user_load" "no_login_id" {
    login_id = local.next

    expect {
      status     = 404
      error_code = "E112102"
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

    assert {
      condition     = self.user.user_id == step.user.user.user_id && self.user.phone == local.phone
      error_message = "The old number must let the same user in."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "phone_agrees_everywhere" {
  description = "After a change the session, the user and the management agree on the number within ten seconds, and the tokens verify."
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

  # A service may take a moment to tell everybody; ten seconds are too many.
  step "descope_me" "me" {
    refresh_jwt = step.change_confirm.refresh_jwt

    poll {
      until    = self.user.phone == local.next
      interval = "500ms"
      timeout  = "10s"
    }
  }

  step "descope_user_load" "managed" {
    user_id = step.user.user.user_id

    poll {
      until    = self.user.phone == local.next
      interval = "500ms"
      timeout  = "10s"
    }
  }

  step "descope_user_search" "found" {
    phones = [local.next]

    poll {
      until    = self.total == 1
      interval = "500ms"
      timeout  = "10s"
    }

    assert {
      condition     = self.users[0].user_id == step.user.user.user_id && self.users[0].phone == local.next
      error_message = "Who searches for the new number must find the user."
    }
  }

  step "descope_user_search" "found_by_old" {
    phones = [local.phone]

    poll {
      until    = self.total == 0
      interval = "500ms"
      timeout  = "10s"
    }
  }

  # The session from before the change is the same user's.
  step "descope_refresh" "refreshed" {
    refresh_jwt = step.user.refresh_jwt

    assert {
      condition     = self.user.phone == local.next && self.user.verified_phone
      error_message = "A session from before the change must tell of the new number when it is refreshed."
    }
  }

  # The keys are those that the project publishes.
  step "descope_session_validate" "session" {
    for_each    = toset(["changed", "refreshed"])
    session_jwt = each.key == "changed" ? step.change_confirm.session_jwt : step.refreshed.session_jwt

    assert {
      condition     = self.claims.sub == step.managed.user.user_id && try(self.claims.phone, local.next) == local.next
      error_message = "The tokens must be those of the user, and tell of no other number."
    }
  }

  assert {
    condition     = step.me.user.verified_phone && step.managed.user.verified_phone && step.me.user.user_id == step.managed.user.user_id
    error_message = "Who asks for the user must hear of the new number as proved, whoever asks."
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}
