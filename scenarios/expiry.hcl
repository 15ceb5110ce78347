# What is not redeemed in time is dead. The second project lets everything expire at
# once, so that no clock has to be moved.

scenario "otp_expired" {
  description = "A code that came too late is refused as expired, not as wrong."
  tags        = ["N07", "E"]
  targets     = ["emulator"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  setup {
    step "descope_user_create" "user" {
      provider       = descope.short
      login_id       = local.phone
      phone          = local.phone
      verified_phone = true
    }
  }

  step "descope_otp_sign_in" "send" {
    provider = descope.short
    login_id = local.phone
  }

  step "inbox_message" "text" {
    inbox = inbox.short_sms
    to    = local.phone
    after = step.send.started_at

    extract {
      code = local.code_pattern
    }
  }

  step "pause" "until_expired" {
    duration = "250ms"
  }

  step "descope_otp_verify" "expired" {
    provider = descope.short
    login_id = local.phone
    code     = step.text.extracted.code

    expect {
      error_code = "E061104"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.short
      user_id  = step.user.user.user_id
    }
  }
}

scenario "magiclink_expired" {
  description = "A magic link that came too late is refused."
  tags        = ["N11", "E"]
  targets     = ["emulator"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  setup {
    step "descope_user_create" "user" {
      provider       = descope.short
      login_id       = local.phone
      phone          = local.phone
      verified_phone = true
    }
  }

  step "descope_magiclink_sign_in" "send" {
    provider     = descope.short
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "inbox_message" "text" {
    inbox = inbox.short_sms
    to    = local.phone
    after = step.send.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "pause" "until_expired" {
    duration = "250ms"
  }

  step "descope_magiclink_verify" "expired" {
    provider = descope.short
    token    = step.text.extracted.token

    expect {
      status     = 401
      error_code = "E062504"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.short
      user_id  = step.user.user.user_id
    }
  }
}

# The lifetime is the request's own where it names one, else the project's.
scenario "embedded_expired" {
  description = "An embedded link is refused after the lifetime that was asked for, and after the project's."
  tags        = ["F10", "E"]
  targets     = ["emulator"]

  locals {
    login_id = "authbench-${iteration.uuid}@example.test"
  }

  setup {
    step "descope_user_create" "user" {
      provider = descope.short
      login_id = local.login_id
    }
  }

  step "descope_embedded_link" "link" {
    for_each   = { asked = "1s", project = null }
    provider   = descope.short
    login_id   = local.login_id
    expires_in = each.value
  }

  step "pause" "until_expired" {
    duration = "1100ms"
  }

  step "descope_magiclink_verify" "expired" {
    for_each = toset(["asked", "project"])
    provider = descope.short
    token    = step.link[each.key].token

    expect {
      status     = 401
      error_code = "E062504"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.short
      user_id  = step.user.user.user_id
    }
  }
}
