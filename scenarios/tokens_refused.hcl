# Tokens that are no good, and what their refusal gives away.

scenario "magiclink_bad_token" {
  description = "Whatever is wrong with a token, the answer is the same, and the right token still works."
  tags        = ["N11", "T", "E"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
    token = step.text.extracted.token

    bad_tokens = {
      garbage   = "not-a-token"
      truncated = substr(local.token, 0, length(local.token) - 1)
      longer    = "${local.token}0"
      lower     = lower(local.token)
      upper     = upper(local.token)
      expired   = step.expiring.token
    }
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

  step "descope_embedded_link" "expiring" {
    login_id   = local.phone
    expires_in = "1s"
  }

  step "descope_magiclink_sign_in" "send" {
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.send.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "pause" "until_expired" {
    duration = "1100ms"
  }

  step "descope_magiclink_verify" "bad" {
    for_each = toset(["garbage", "truncated", "longer", "lower", "upper", "expired"])
    token    = local.bad_tokens[each.key]

    expect {
      status     = 401
      error_code = "E062504"
    }
  }

  # An empty token is a malformed request rather than a wrong token.
  step "descope_magiclink_verify" "empty" {
    token = ""

    expect {
      status = "4xx"
    }
  }

  step "descope_magiclink_verify" "confirm" {
    token = local.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id
      error_message = "The right token must still work after wrong ones were tried."
    }
  }

  step "descope_magiclink_verify" "used" {
    token = local.token

    expect {
      status     = 401
      error_code = "E062504"
    }
  }

  # Were the answers different, they would tell which tokens once existed.
  assert {
    condition     = alltrue([for b in step.bad : b.status == step.used.status && b.error == step.used.error])
    error_message = "A used token and other bad ones must get one and the same answer."
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "magiclink_foreign_token" {
  description = "A token of one project is worth nothing in another."
  tags        = ["N11", "E"]
  targets     = ["emulator"]

  locals {
    login_id = "authbench-${iteration.uuid}@example.test"
  }

  setup {
    step "descope_user_create" "user" {
      login_id = local.login_id
    }

    # The same login ID exists in both projects, so nothing but the project differs.
    step "descope_user_create" "namesake" {
      provider = descope.short
      login_id = local.login_id
    }
  }

  step "descope_embedded_link" "link" {
    login_id = local.login_id
  }

  step "descope_magiclink_verify" "foreign" {
    provider = descope.short
    token    = step.link.token

    expect {
      status     = 401
      error_code = "E062504"
    }
  }

  step "descope_magiclink_verify" "at_home" {
    token = step.link.token
  }

  # The refresh JWT is as foreign there as the token was.
  step "descope_me" "foreign_session" {
    provider    = descope.short
    refresh_jwt = step.at_home.refresh_jwt

    expect {
      status = 401
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }

    step "descope_user_delete" "cleanup_namesake" {
      provider = descope.short
      user_id  = step.namesake.user.user_id
    }
  }
}
