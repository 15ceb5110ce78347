# Every step of this file gets hold of a secret and then fails: each failure is asked to
# tell what it knows. canary_test.go reads what is told.

variable "url" {
  type = string
}

variable "key" {
  type      = string
  sensitive = true
}

variable "echo_key" {
  type      = string
  sensitive = true
}

variable "canary" {
  type      = string
  sensitive = true
}

provider "descope" {
  base_url       = var.url
  project_id     = "Pgood"
  management_key = var.key
}

# This project answers every request with what was asked of it.
provider "descope" {
  alias          = "echo"
  base_url       = var.url
  project_id     = "Pecho"
  management_key = var.echo_key
}

inbox "messages" {
  driver = "emulator"
}

scenario "told" {
  locals {
    login = "canary-${iteration.uuid}@example.test"
    phone = fake_phone(iteration.id)
    pair  = { open = "plain", hidden = var.canary }
  }

  setup {
    step "descope_user_create" "user" {
      login_id       = local.login
      email          = local.login
      verified_email = true
    }
  }

  step "descope_magiclink_sign_in" "send" {
    login_id            = local.login
    method              = "email"
    continue_on_failure = true

    assert {
      condition     = self.masked_email == var.canary
      error_message = "the canary is not the address"
    }
  }

  step "inbox_message" "mail" {
    inbox               = inbox.messages
    to                  = local.login
    after               = step.send.started_at
    continue_on_failure = true

    extract {
      token = "[?&]t=([^&#\\s]+)"
    }

    assert {
      condition     = self.extracted.token == "x" || self.body == "x" || contains(self.links, "x")
      error_message = "nothing was extracted"
    }
  }

  step "descope_magiclink_verify" "confirm" {
    token               = step.mail.extracted.token
    continue_on_failure = true

    assert {
      condition     = self.session_jwt == "x" && self.refresh_jwt == "x"
      error_message = "it is not"
    }

    assert {
      condition     = upper(self.refresh_jwt) == "X" || base64encode(self.session_jwt) == "x" || urlencode(self.session_jwt) == "x"
      error_message = "it is not"
    }

    assert {
      condition     = jsonencode(self) == "x"
      error_message = "it is not"
    }

    assert {
      condition     = local.pair == { open = "x", hidden = "x" } || local.pair.hidden == "x"
      error_message = "it is not"
    }
  }

  step "descope_me" "me" {
    refresh_jwt         = step.confirm.refresh_jwt
    continue_on_failure = true

    assert {
      condition     = self.user.email == var.canary
      error_message = "it is not"
    }
  }

  step "descope_session_validate" "validate" {
    session_jwt         = step.confirm.session_jwt
    continue_on_failure = true

    assert {
      condition     = self.claims.iss == step.confirm.session_jwt
      error_message = "it is not"
    }
  }

  step "descope_session_validate" "wrong" {
    session_jwt         = step.confirm.refresh_jwt
    continue_on_failure = true
  }

  step "descope_refresh" "refresh" {
    refresh_jwt         = step.confirm.refresh_jwt
    continue_on_failure = true

    assert {
      condition     = self.session_jwt == "x"
      error_message = "it is not"
    }
  }

  step "descope_otp_update_phone" "change" {
    login_id            = local.login
    phone               = local.phone
    refresh_jwt         = step.confirm.refresh_jwt
    continue_on_failure = true

    assert {
      condition     = self.masked_phone == "x"
      error_message = "it is not"
    }
  }

  step "inbox_message" "text" {
    inbox               = inbox.messages
    to                  = local.phone
    after               = step.change.started_at
    continue_on_failure = true

    extract {
      code = "\\b([0-9]{6})\\b"
    }

    assert {
      condition     = tonumber(self.extracted.code) == 0
      error_message = "it is not"
    }
  }

  step "descope_otp_verify" "code" {
    login_id            = local.login
    code                = step.text.extracted.code
    continue_on_failure = true

    assert {
      condition     = self.session_jwt == "x"
      error_message = "it is not"
    }
  }

  step "descope_embedded_link" "embedded" {
    login_id            = local.login
    continue_on_failure = true

    assert {
      condition     = self.token == var.canary
      error_message = "it is not"
    }
  }

  step "descope_magiclink_verify" "again" {
    token               = step.mail.extracted.token
    continue_on_failure = true
  }

  step "descope_embedded_link" "echoed_link" {
    provider            = descope.echo
    login_id            = step.embedded.token
    continue_on_failure = true
  }

  step "descope_magiclink_verify" "echoed_token" {
    provider            = descope.echo
    token               = step.embedded.token
    continue_on_failure = true
  }

  step "descope_otp_verify" "echoed_code" {
    provider            = descope.echo
    login_id            = local.login
    code                = step.text.extracted.code
    continue_on_failure = true
  }

  step "descope_me" "echoed_bearer" {
    provider            = descope.echo
    refresh_jwt         = step.confirm.refresh_jwt
    continue_on_failure = true
  }

  step "descope_user_load" "echoed_key" {
    provider            = descope.echo
    login_id            = var.canary
    continue_on_failure = true
  }

  step "http_request" "echoed_request" {
    method              = "POST"
    url                 = "${var.url}/echo/path"
    bearer              = step.confirm.session_jwt
    headers             = { "X-Canary" = var.canary }
    query               = { canary = var.canary }
    json                = { token = step.embedded.token, code = step.text.extracted.code, canary = var.canary }
    continue_on_failure = true

    assert {
      condition     = strcontains(self.body, "nothing of it")
      error_message = "it is not"
    }
  }

  step "http_request" "nowhere" {
    url                 = "http://127.0.0.1:1/${var.canary}"
    continue_on_failure = true
  }

  assert {
    condition     = var.canary == "x" || var.key == "x"
    error_message = "it is not"
  }

  output "canary" {
    value     = var.canary
    sensitive = true
  }

  output "jwt" {
    value     = step.confirm.session_jwt
    sensitive = true
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "generated" {
  locals {
    login = "test-${iteration.uuid}@example.test"
  }

  setup {
    step "descope_user_create" "user" {
      login_id = local.login
      email    = local.login
      test     = true
    }
  }

  step "descope_test_user_generate_otp" "otp" {
    login_id            = local.login
    method              = "email"
    continue_on_failure = true

    assert {
      condition     = self.code == "x"
      error_message = "it is not"
    }
  }

  step "descope_test_user_generate_magiclink" "link" {
    login_id            = local.login
    method              = "email"
    continue_on_failure = true

    assert {
      condition     = self.link == "x" && self.token == "x"
      error_message = "it is not"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}
