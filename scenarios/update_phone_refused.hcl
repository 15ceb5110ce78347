# Who may change whose number. After each refusal the right request is made to the
# same number: the first message there is then the one of the right request, so the
# refused ones sent none.

scenario "update_phone_without_session" {
  description = "Without a refresh JWT no number can be changed, by link or by code."
  tags        = ["N17", "T", "E"]

  locals {
    phone     = fake_phone(iteration.id % local.phones)
    new_phone = fake_phone(iteration.id % local.phones + local.phones)
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

  # No refresh_jwt: the bearer is the project ID alone.
  step "descope_magiclink_update_phone" "by_link" {
    login_id     = local.phone
    phone        = local.new_phone
    redirect_url = "${var.redirect_url}?refused=yes"

    expect {
      status = 401
    }
  }

  step "descope_otp_update_phone" "by_code" {
    login_id = local.phone
    phone    = local.new_phone

    expect {
      status = 401
    }
  }

  step "descope_me" "unchanged" {
    refresh_jwt = step.user.refresh_jwt

    assert {
      condition     = self.user.phone == local.phone && self.user.login_ids == tolist([local.phone])
      error_message = "The refused requests must not have changed the user."
    }
  }

  step "descope_magiclink_update_phone" "allowed" {
    login_id     = local.phone
    phone        = local.new_phone
    refresh_jwt  = step.user.refresh_jwt
    redirect_url = var.redirect_url
  }

  step "inbox_message" "first_text" {
    inbox = inbox.sms
    to    = local.new_phone
    after = step.by_link.started_at

    assert {
      condition     = length(self.links) == 1 && alltrue([for l in self.links : startswith(l, "${var.redirect_url}?t=")])
      error_message = "A refused request sent a message to the new number."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "update_phone_with_session_jwt" {
  description = "A session JWT is no refresh JWT, and no number can be changed with it."
  tags        = ["N18", "T", "E"]

  locals {
    phone     = fake_phone(iteration.id % local.phones)
    new_phone = fake_phone(iteration.id % local.phones + local.phones)
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

  step "descope_magiclink_update_phone" "refused" {
    login_id     = local.phone
    phone        = local.new_phone
    refresh_jwt  = step.user.session_jwt
    redirect_url = "${var.redirect_url}?refused=yes"

    expect {
      status = 401
    }
  }

  step "descope_me" "unchanged" {
    refresh_jwt = step.user.refresh_jwt

    assert {
      condition     = self.user.phone == local.phone && self.user.login_ids == tolist([local.phone])
      error_message = "The refused request must not have changed the user."
    }
  }

  step "descope_magiclink_update_phone" "allowed" {
    login_id     = local.phone
    phone        = local.new_phone
    refresh_jwt  = step.user.refresh_jwt
    redirect_url = var.redirect_url
  }

  step "inbox_message" "first_text" {
    inbox = inbox.sms
    to    = local.new_phone
    after = step.refused.started_at

    assert {
      condition     = length(self.links) == 1 && alltrue([for l in self.links : startswith(l, "${var.redirect_url}?t=")])
      error_message = "The refused request sent a message to the new number."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "update_phone_of_another" {
  description = "A signed-in user can not change the number of somebody else."
  tags        = ["N19", "T", "E"]

  locals {
    phone     = fake_phone(iteration.id % local.phones)
    new_phone = fake_phone(iteration.id % local.phones + local.phones)
    victim_id = "authbench-${iteration.uuid}@example.test"
  }

  setup {
    step "descope_user_create" "victim" {
      login_id       = local.victim_id
      email          = local.victim_id
      verified_email = true
    }

    step "descope_embedded_link_sign_up" "invite" {
      login_id       = local.phone
      phone_verified = true
    }

    step "descope_magiclink_verify" "user" {
      token = step.invite.token
    }
  }

  step "descope_magiclink_update_phone" "refused" {
    login_id     = local.victim_id
    phone        = local.new_phone
    refresh_jwt  = step.user.refresh_jwt
    redirect_url = "${var.redirect_url}?refused=yes"

    expect {
      status = "4xx"
    }
  }

  step "descope_user_load" "victim_unchanged" {
    user_id = step.victim.user.user_id

    assert {
      condition     = self.user.phone == "" && self.user.login_ids == tolist([local.victim_id])
      error_message = "The refused request must not have changed the other user."
    }
  }

  step "descope_me" "unchanged" {
    refresh_jwt = step.user.refresh_jwt

    assert {
      condition     = self.user.phone == local.phone
      error_message = "The refused request must not have changed the user who made it."
    }
  }

  step "descope_magiclink_update_phone" "allowed" {
    login_id     = local.phone
    phone        = local.new_phone
    refresh_jwt  = step.user.refresh_jwt
    redirect_url = var.redirect_url
  }

  step "inbox_message" "first_text" {
    inbox = inbox.sms
    to    = local.new_phone
    after = step.refused.started_at

    assert {
      condition     = length(self.links) == 1 && alltrue([for l in self.links : startswith(l, "${var.redirect_url}?t=")])
      error_message = "The refused request sent a message to the new number."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }

    step "descope_user_delete" "cleanup_victim" {
      user_id = step.victim.user.user_id
    }
  }
}
