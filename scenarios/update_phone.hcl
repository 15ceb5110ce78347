# Changing the phone number of a signed-in user. The message goes to the new number,
# and nothing changes before it is verified.

scenario "update_phone_magiclink" {
  description = "A signed-in user changes their number by a link that is sent to the new one."
  tags        = ["F11", "T", "E"]

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

  step "descope_magiclink_update_phone" "change" {
    login_id     = local.phone
    phone        = local.new_phone
    refresh_jwt  = step.user.refresh_jwt
    redirect_url = var.redirect_url

    assert {
      condition     = endswith(self.masked_phone, substr(local.new_phone, -2, 2)) && length(regexall("[0-9]", self.masked_phone)) <= 6
      error_message = "masked_phone ${self.masked_phone} must show the end of the new number and hide most of it."
    }
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.new_phone
    after = step.change.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_me" "before" {
    refresh_jwt = step.user.refresh_jwt

    assert {
      condition     = self.user.phone == local.phone
      error_message = "The number must not change before the new one is verified; it is ${self.user.phone}."
    }
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.text.extracted.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id
      error_message = "The user must stay the same."
    }
  }

  step "descope_me" "after" {
    refresh_jwt = step.confirm.refresh_jwt

    assert {
      condition     = self.user.phone == local.new_phone && self.user.verified_phone
      error_message = "The new number must be stored and verified; the number is ${self.user.phone}."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "update_phone_otp" {
  description = "A signed-in user changes their number by a code, redeemed with the login ID they have."
  tags        = ["F12", "T", "E"]

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

  step "descope_otp_update_phone" "change" {
    login_id    = local.phone
    phone       = local.new_phone
    refresh_jwt = step.user.refresh_jwt

    # The vendor's pages say both that this answer is empty and that it is not.
    assert {
      condition     = self.masked_phone == null || try(endswith(self.masked_phone, substr(local.new_phone, -2, 2)), false)
      error_message = "masked_phone must be left out, or show the end of the new number."
    }
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.new_phone
    after = step.change.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "descope_me" "before" {
    refresh_jwt = step.user.refresh_jwt

    assert {
      condition     = self.user.phone == local.phone
      error_message = "The number must not change before the new one is verified; it is ${self.user.phone}."
    }
  }

  step "descope_otp_verify" "confirm" {
    login_id = local.phone
    code     = step.text.extracted.code

    assert {
      condition     = self.user.user_id == step.user.user.user_id
      error_message = "The user must stay the same."
    }
  }

  step "descope_me" "after" {
    refresh_jwt = step.confirm.refresh_jwt

    assert {
      condition     = self.user.phone == local.new_phone && self.user.verified_phone
      error_message = "The new number must be stored and verified; the number is ${self.user.phone}."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "update_phone_keeps_login_ids" {
  description = "A new number is where messages go, and no login ID unless that was asked for."
  tags        = ["F13", "T", "E"]

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

  step "descope_magiclink_update_phone" "change" {
    login_id         = local.phone
    phone            = local.new_phone
    refresh_jwt      = step.user.refresh_jwt
    redirect_url     = var.redirect_url
    add_to_login_ids = false
  }

  step "inbox_message" "change_text" {
    inbox = inbox.sms
    to    = local.new_phone
    after = step.change.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "changed" {
    token = step.change_text.extracted.token

    assert {
      condition     = self.user.phone == local.new_phone && self.user.login_ids == tolist([local.phone])
      error_message = "The number must change, and the login IDs must not."
    }
  }

  step "descope_magiclink_sign_in" "by_new_number" {
    login_id = local.new_phone

    expect {
      error_code = "E062108"
    }
  }

  step "descope_magiclink_sign_in" "by_old_number" {
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "inbox_message" "sign_in_text" {
    inbox = inbox.sms
    to    = local.new_phone
    after = step.by_old_number.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "signed_in" {
    token = step.sign_in_text.extracted.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id
      error_message = "The old login ID must still lead to the user."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "update_phone_adds_login_id" {
  description = "A new number becomes a login ID where that was asked for, once it is verified."
  tags        = ["F14", "T", "E"]

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

  step "descope_magiclink_update_phone" "change" {
    login_id         = local.phone
    phone            = local.new_phone
    refresh_jwt      = step.user.refresh_jwt
    redirect_url     = var.redirect_url
    add_to_login_ids = true
  }

  step "descope_magiclink_sign_in" "too_early" {
    login_id = local.new_phone

    expect {
      error_code = "E062108"
    }
  }

  step "inbox_message" "change_text" {
    inbox = inbox.sms
    to    = local.new_phone
    after = step.change.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "changed" {
    token = step.change_text.extracted.token

    assert {
      condition     = contains(self.user.login_ids, local.phone) && contains(self.user.login_ids, local.new_phone)
      error_message = "The user must have both login IDs."
    }
  }

  step "descope_magiclink_sign_in" "by_new_number" {
    login_id     = local.new_phone
    redirect_url = var.redirect_url
  }

  step "inbox_message" "sign_in_text" {
    inbox = inbox.sms
    to    = local.new_phone
    after = step.by_new_number.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "signed_in" {
    token = step.sign_in_text.extracted.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id
      error_message = "The new login ID must lead to the same user."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "update_phone_merges_into_owner" {
  description = "Where the owner of the new number is to stay, the user who asked is merged into them."
  tags        = ["F16", "E"]
  targets     = ["emulator"]

  locals {
    phone     = fake_phone(iteration.id % local.phones)
    new_phone = fake_phone(iteration.id % local.phones + local.phones)
  }

  setup {
    step "descope_user_create" "owner" {
      login_id       = local.new_phone
      phone          = local.new_phone
      verified_phone = true
    }

    step "descope_embedded_link_sign_up" "invite" {
      login_id       = local.phone
      phone_verified = true
    }

    step "descope_magiclink_verify" "user" {
      token = step.invite.token
    }
  }

  step "descope_magiclink_update_phone" "change" {
    login_id              = local.phone
    phone                 = local.new_phone
    refresh_jwt           = step.user.refresh_jwt
    redirect_url          = var.redirect_url
    add_to_login_ids      = true
    on_merge_use_existing = true
  }

  # Asking alone merges nobody.
  step "descope_user_load" "still_there" {
    user_id = step.user.user.user_id

    assert {
      condition     = self.user.login_ids == tolist([local.phone])
      error_message = "The users must be apart until the number is verified."
    }
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.new_phone
    after = step.change.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.text.extracted.token

    assert {
      condition     = self.user.user_id == step.owner.user.user_id && self.claims.sub == step.owner.user.user_id
      error_message = "The answer and its session must be the owner's."
    }

    assert {
      condition     = contains(self.user.login_ids, local.phone) && contains(self.user.login_ids, local.new_phone)
      error_message = "The owner must have the login IDs of both."
    }
  }

  step "descope_me" "merged" {
    refresh_jwt = step.confirm.refresh_jwt

    assert {
      condition     = self.user.user_id == step.owner.user.user_id
      error_message = "The session must show the owner."
    }
  }

  step "descope_me" "user_gone" {
    refresh_jwt = step.user.refresh_jwt

    expect {
      status = 401
    }
  }

  step "descope_user_load" "user_gone_too" {
    user_id = step.user.user.user_id

    expect {
      error_code = "E112102"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup_owner" {
      user_id = step.owner.user.user_id
    }

    # The merge took this one away; before it there is still one to delete.
    step "descope_user_delete" "cleanup_user" {
      user_id = step.user.user.user_id

      expect {
        status = [200, 404]
      }
    }
  }
}
