# Sessions: me, refresh, logout, logout of every device.

scenario "session_refresh" {
  description = "A session can be refreshed again and again, each time into another session JWT of the same user."
  tags        = ["F32", "P", "E"]

  locals {
    login_id = "authbench-${iteration.uuid}@example.test"
  }

  setup {
    step "descope_embedded_link_sign_up" "invite" {
      login_id       = local.login_id
      email_verified = true
    }

    step "descope_magiclink_verify" "user" {
      token = step.invite.token
    }
  }

  # The refresh JWT of the sign-in serves all three: it does not rotate.
  step "descope_refresh" "renew" {
    for_each    = toset(["1st", "2nd", "3rd"])
    refresh_jwt = step.user.refresh_jwt

    assert {
      condition     = self.claims.sub == step.user.user.user_id
      error_message = "A refreshed session must be the same user's."
    }

    assert {
      condition     = self.session_expiration == self.claims.exp
      error_message = "session_expiration is ${self.session_expiration}, and the session JWT expires at ${self.claims.exp}."
    }

    assert {
      condition     = self.next_refresh_seconds > 0 && self.next_refresh_seconds <= self.claims.exp - self.claims.iat
      error_message = "A refresh after ${self.next_refresh_seconds} s comes too late for a session of ${self.claims.exp - self.claims.iat} s."
    }
  }

  assert {
    condition     = length(distinct(concat([step.user.claims.jti], [for r in step.renew : r.claims.jti]))) == 4
    error_message = "Every session JWT must have a jti of its own."
  }

  step "descope_session_validate" "session" {
    session_jwt = step.renew["3rd"].session_jwt
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "session_refresh_after_expiry" {
  description = "The refresh JWT outlives the session JWT and gives a new one that ends later."
  tags        = ["F32", "E"]
  targets     = ["emulator"]

  locals {
    login_id = "authbench-${iteration.uuid}@example.test"
  }

  setup {
    step "descope_embedded_link_sign_up" "invite" {
      provider = descope.short
      login_id = local.login_id
      # The project's own lifetime is too short to count on between two requests.
      expires_in = "1m"
    }

    step "descope_magiclink_verify" "user" {
      provider = descope.short
      token    = step.invite.token
    }
  }

  step "pause" "session_ends" {
    duration = "1100ms"
  }

  step "descope_refresh" "renew" {
    provider    = descope.short
    refresh_jwt = step.user.refresh_jwt

    assert {
      condition     = self.claims.iat >= step.user.claims.exp && self.claims.exp > step.user.claims.exp
      error_message = "The new session must begin after the old one ended, and end later."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      provider = descope.short
      user_id  = step.user.user.user_id
    }
  }
}

scenario "session_logout" {
  description = "A session shows its user until it is logged out, and is of no use afterwards."
  tags        = ["F33", "N13", "P", "T", "E"]

  locals {
    login_id = "authbench-${iteration.uuid}@example.test"
  }

  setup {
    step "descope_embedded_link_sign_up" "invite" {
      login_id       = local.login_id
      email_verified = true
    }

    step "descope_magiclink_verify" "user" {
      token = step.invite.token
    }
  }

  step "descope_session_validate" "session" {
    session_jwt = step.user.session_jwt

    assert {
      condition     = self.claims.sub == step.user.user.user_id
      error_message = "The session must be the user's."
    }
  }

  step "descope_me" "before" {
    refresh_jwt = step.user.refresh_jwt

    assert {
      condition     = self.user.user_id == step.user.user.user_id && contains(self.user.login_ids, local.login_id)
      error_message = "me must show the signed-in user."
    }
  }

  step "descope_logout" "logout" {
    refresh_jwt = step.user.refresh_jwt
  }

  step "descope_me" "after" {
    refresh_jwt = step.user.refresh_jwt

    expect {
      status = 401
    }
  }

  step "descope_refresh" "refused" {
    refresh_jwt = step.user.refresh_jwt

    expect {
      status     = 401
      error_code = "E064001"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "session_logout_all" {
  description = "One device logs out all devices of the user."
  tags        = ["F33", "P", "E"]

  locals {
    login_id = "authbench-${iteration.uuid}@example.test"
  }

  setup {
    step "descope_user_create" "user" {
      login_id = local.login_id
    }

    step "descope_embedded_link" "link" {
      for_each = toset(["laptop", "phone", "tablet"])
      login_id = local.login_id
    }

    step "descope_magiclink_verify" "device" {
      for_each = toset(["laptop", "phone", "tablet"])
      token    = step.link[each.key].token
    }
  }

  step "descope_me" "before" {
    for_each    = toset(["laptop", "phone", "tablet"])
    refresh_jwt = step.device[each.key].refresh_jwt
  }

  step "descope_logout_all" "logout" {
    refresh_jwt = step.device["phone"].refresh_jwt
  }

  step "descope_me" "after" {
    for_each    = toset(["laptop", "phone", "tablet"])
    refresh_jwt = step.device[each.key].refresh_jwt

    expect {
      status = 401
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}
