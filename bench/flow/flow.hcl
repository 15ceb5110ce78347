# The four-step flow: sign up or in, read the inbox, verify, ask for a change of the
# phone number. The same as k6.js, with the same checks.

variable "base_url" {
  type    = string
  default = "emulator"
}

variable "project_id" {
  type    = string
  default = null
}

variable "management_key" {
  type      = string
  sensitive = true
  default   = null
}

variable "signing_alg" {
  type    = string
  default = "ES256"
}

variable "in_flight" {
  type    = number
  default = 64
}

variable "iterations" {
  type    = number
  default = 2500
}

variable "run" {
  type    = string
  default = "a"
}

provider "descope" {
  base_url       = var.base_url
  project_id     = var.project_id
  management_key = var.management_key

  # Of the project that is made for the run. RS256 costs the emulator 2 ms a sign-in.
  emulator {
    signing_alg = var.signing_alg
  }
}

inbox "messages" {
  driver = "emulator"
}

scenario "flow" {
  locals {
    login_id = "ab-${var.run}-${iteration.id}@example.test"
    phone    = fake_phone(iteration.id % 28800)
  }

  step "descope_magiclink_sign_up_or_in" "send" {
    login_id     = local.login_id
    method       = "email"
    redirect_url = "https://app.example.test/verify"

    assert {
      condition     = self.status == 200 && self.masked_email != ""
      error_message = "The answer must tell where the link went."
    }
  }

  step "inbox_message" "mail" {
    inbox = inbox.messages
    to    = local.login_id
    after = step.send.started_at

    extract {
      token = "[?&]t=([^&#\\s]+)"
    }
  }

  step "descope_magiclink_verify" "signin" {
    token = step.mail.extracted.token

    assert {
      condition     = self.status == 200 && self.user.login_ids[0] == local.login_id
      error_message = "The user must be the one who signed in."
    }
  }

  step "descope_magiclink_update_phone" "change" {
    login_id     = local.login_id
    phone        = local.phone
    refresh_jwt  = step.signin.refresh_jwt
    redirect_url = "https://app.example.test/verify"

    assert {
      condition     = self.status == 200 && self.masked_phone != ""
      error_message = "The answer must tell where the link went."
    }
  }
}

load "closed" {
  description   = "So many at a time, one after the other."
  scenario      = scenario.flow
  iterations    = var.iterations
  max_in_flight = var.in_flight

  threshold "all_good" {
    condition     = metrics.iterations.failure + metrics.iterations.error == 0
    error_message = "Not all went well."
  }
}
