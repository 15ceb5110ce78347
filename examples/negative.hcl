# Refusals are data. A step that must be refused says how, and what it got can be
# looked at like any other result.
#
#   authbench test examples/negative.hcl

variable "base_url" {
  type    = string
  default = "emulator"
}

variable "project_id" {
  type    = string
  default = null # an emulator makes one up
}

variable "management_key" {
  type      = string
  default   = null
  sensitive = true
}

provider "descope" {
  base_url       = var.base_url
  project_id     = var.project_id
  management_key = var.management_key

  limits {
    requests_per_second = startswith(var.base_url, "https://") ? 1.5 : null
  }
}

inbox "sms" {}

scenario "unknown_user" {
  description = "Nobody signs in who has not signed up."
  tags        = ["negative"]

  step "descope_otp_sign_in" "send" {
    login_id = "nobody-${iteration.uuid}@example.test"
    method   = "email"

    # Without expect a step must succeed. With it, this and nothing else is right.
    expect {
      error_code = "E062108"
    }

    assert {
      condition     = !self.ok && self.error.message != null
      error_message = "A refusal must say why."
    }
  }
}

scenario "wrong_code" {
  description = "A wrong code is refused, the right one works, and only once."
  tags        = ["negative", "otp"]

  locals {
    phone = fake_phone(iteration.id % 28800)

    # Any code but the one that was sent.
    wrong = format("%06d", (parseint(step.text.extracted.code, 10) + 1) % 1000000)
  }

  step "descope_otp_sign_up" "send" {
    login_id = local.phone
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.send.started_at

    extract {
      code = "\\b([0-9]{6})\\b"
    }
  }

  step "descope_otp_verify" "guess" {
    login_id = local.phone
    code     = local.wrong

    expect {
      status     = "4xx"
      error_code = "E061102"
    }
  }

  step "descope_otp_verify" "confirm" {
    login_id = local.phone
    code     = step.text.extracted.code
  }

  # The same request once more, byte for byte.
  step "descope_otp_verify" "replay" {
    login_id = local.phone
    code     = step.text.extracted.code

    expect {
      status = "4xx"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.confirm.user.user_id
    }
  }
}

scenario "no_session" {
  description = "Without a refresh JWT there is no me."
  tags        = ["negative", "session"]

  # refresh_jwt may be left out for exactly this test.
  step "descope_me" "me" {
    expect {
      status = 401
    }
  }
}
