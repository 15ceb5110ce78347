# Embedded links: made with the management key, redeemed like magic links, and sent to
# nobody.

scenario "embedded_sign_in" {
  description = "A link made by the management signs an existing user in, once, without a message."
  tags        = ["F09", "P", "T", "E"]

  locals {
    login_id = "authbench-${iteration.uuid}@example.test"
  }

  setup {
    step "descope_user_create" "user" {
      login_id       = local.login_id
      email          = local.login_id
      verified_email = true
    }
  }

  step "descope_embedded_link" "link" {
    login_id = local.login_id
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.link.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id && contains(self.user.login_ids, local.login_id)
      error_message = "The link must sign in the user that it was made for."
    }
  }

  step "descope_session_validate" "session" {
    session_jwt = step.confirm.session_jwt

    assert {
      condition     = self.claims.sub == step.user.user.user_id
      error_message = "The session must be the user's."
    }
  }

  step "descope_magiclink_verify" "replay" {
    token = step.link.token

    expect {
      status     = 401
      error_code = "E062504"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "embedded_sign_up" {
  description = "A link signs a new user up, and its claims reach the session JWT."
  tags        = ["F10", "E"]
  targets     = ["emulator"]

  locals {
    login_id = "authbench-${iteration.uuid}@example.test"
  }

  step "descope_embedded_link_sign_up" "link" {
    login_id       = local.login_id
    user           = { name = "Ada Lovelace" }
    email_verified = true
    login_options  = { custom_claims = { plan = "gold" } }
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.link.token

    assert {
      condition     = self.first_seen && self.user.name == "Ada Lovelace" && self.user.verified_email
      error_message = "The link must make the user as it was told."
    }
  }

  step "descope_session_validate" "session" {
    session_jwt = step.confirm.session_jwt

    assert {
      condition     = self.claims.plan == "gold"
      error_message = "The custom claim must stand in the session JWT."
    }
  }

  teardown {
    step "descope_user_delete" "user" {
      user_id = step.confirm.user.user_id
    }
  }
}

# Claims that the service sets itself must not be set by whoever asks for a link.
scenario "embedded_claims" {
  description = "Custom claims of a sign-in link reach the session JWT and replace none of its own."
  tags        = ["F10", "E"]
  targets     = ["emulator"]

  locals {
    login_id = "authbench-${iteration.uuid}@example.test"
  }

  setup {
    step "descope_user_create" "user" {
      login_id = local.login_id
    }
  }

  step "descope_embedded_link" "link" {
    login_id      = local.login_id
    custom_claims = { plan = "gold", sub = "somebody-else", drn = "DSR" }
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.link.token
  }

  step "descope_session_validate" "session" {
    session_jwt = step.confirm.session_jwt

    assert {
      condition     = self.claims.plan == "gold" && self.claims.sub == step.user.user.user_id
      error_message = "The custom claim must be there, and the subject must be the user."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}
