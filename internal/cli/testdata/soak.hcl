# The main flow: sign in, change the phone number, and sign in by an embedded link. The
# quick signing algorithm makes many iterations cheap.

provider "descope" {
  base_url = "emulator"

  emulator {
    signing_alg = "ES256"
  }
}

inbox "messages" {
  driver = "emulator"
}

scenario "update_phone" {
  locals {
    login = "soak-${iteration.uuid}@example.test"
    phone = fake_phone(iteration.id)
  }

  setup {
    step "descope_user_create" "user" {
      login_id       = local.login
      email          = local.login
      verified_email = true
    }
  }

  step "descope_magiclink_sign_in" "send" {
    login_id = local.login
    method   = "email"
  }

  step "inbox_message" "mail" {
    inbox = inbox.messages
    to    = local.login
    after = step.send.started_at

    extract {
      token = "[?&]t=([^&#\\s]+)"
    }
  }

  step "descope_magiclink_verify" "signin" {
    token = step.mail.extracted.token
  }

  step "descope_magiclink_update_phone" "change" {
    login_id    = local.login
    phone       = local.phone
    refresh_jwt = step.signin.refresh_jwt
  }

  step "inbox_message" "text" {
    inbox = inbox.messages
    to    = local.phone
    after = step.change.started_at

    extract {
      token = "[?&]t=([^&#\\s]+)"
    }
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.text.extracted.token

    assert {
      condition     = self.user.phone == local.phone
      error_message = "the number is not the new one"
    }
  }

  step "descope_embedded_link" "link" {
    login_id = local.login
  }

  step "descope_magiclink_verify" "embedded" {
    token = step.link.token
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}
