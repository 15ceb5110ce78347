# Users who are there already, and users who are not.

scenario "sign_up_of_known_user" {
  description = "Nobody signs up with a login ID that is taken, and its owner hears nothing of it."
  tags        = ["N08", "T", "E"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  setup {
    step "descope_embedded_link_sign_up" "invite" {
      login_id       = local.phone
      user           = { name = "Ada Lovelace" }
      phone_verified = true
    }

    step "descope_magiclink_verify" "user" {
      token = step.invite.token
    }
  }

  step "descope_magiclink_sign_up" "by_link" {
    login_id     = local.phone
    user         = { name = "Mallory" }
    redirect_url = "${var.redirect_url}?refused=yes"

    expect {
      error_code = "E062107"
    }
  }

  step "descope_otp_sign_up" "by_code" {
    login_id = local.phone
    user     = { name = "Mallory" }

    expect {
      error_code = "E062107"
    }
  }

  step "descope_magiclink_sign_in" "allowed" {
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  # The first message since the refused requests: they sent none.
  step "inbox_message" "first_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.by_link.started_at

    extract {
      token = local.token_pattern
    }

    assert {
      condition     = length(self.links) == 1 && alltrue([for l in self.links : startswith(l, "${var.redirect_url}?t=")])
      error_message = "A refused sign-up sent a message to the owner of the login ID."
    }
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.first_text.extracted.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id && self.user.name == "Ada Lovelace"
      error_message = "The refused sign-ups must not have changed the user."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

# The code tells that there is no such user, where ASVS 6.3.8 would have the answer
# tell nothing.
scenario "sign_in_of_unknown_user" {
  description = "Nobody signs in who has not signed up, and trying makes no user."
  tags        = ["N09", "T", "E"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  step "descope_magiclink_sign_in" "by_link" {
    login_id     = local.phone
    redirect_url = "${var.redirect_url}?refused=yes"

    expect {
      error_code = "E062108"
    }
  }

  step "descope_otp_sign_in" "by_code" {
    login_id = local.phone

    expect {
      error_code = "E062108"
    }
  }

  step "descope_user_search" "nobody" {
    login_ids = [local.phone]

    assert {
      condition     = self.total == 0
      error_message = "A refused sign-in made a user."
    }
  }

  step "descope_magiclink_sign_up" "allowed" {
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  # The first message since the refused requests: they sent none.
  step "inbox_message" "first_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.by_link.started_at

    extract {
      token = local.token_pattern
    }

    assert {
      condition     = length(self.links) == 1 && alltrue([for l in self.links : startswith(l, "${var.redirect_url}?t=")])
      error_message = "A refused sign-in sent a message to a number that belongs to no user."
    }
  }

  step "descope_magiclink_verify" "user" {
    token = step.first_text.extracted.token
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "management_of_unknown_user" {
  description = "The management does nothing to a user who is not there, and says so."
  tags        = ["N10", "T", "E"]

  locals {
    login_id = "authbench-${iteration.uuid}@example.test"
    phone    = fake_phone(iteration.id % local.phones)
  }

  step "descope_user_load" "load" {
    login_id = local.login_id

    expect {
      error_code = "E112102"
    }
  }

  step "descope_user_update_phone" "update_phone" {
    login_id = local.login_id
    phone    = local.phone

    expect {
      error_code = "E112102"
    }
  }

  step "descope_user_logout" "logout" {
    login_id = local.login_id

    expect {
      error_code = "E112102"
    }
  }

  step "descope_embedded_link" "link" {
    login_id = local.login_id

    expect {
      error_code = "E112102"
    }
  }

  step "descope_user_delete" "delete" {
    login_id = local.login_id

    expect {
      error_code = "E112102"
    }
  }

  step "descope_user_search" "nobody" {
    login_ids = [local.login_id]

    assert {
      condition     = self.total == 0
      error_message = "A refused request made a user."
    }
  }
}
