# Somebody signs up with a link that comes by SMS. Run it, offline:
#
#   authbench test examples/quickstart.hcl

variable "base_url" {
  default = "emulator" # the built-in one: no account, no network
}

provider "descope" {
  base_url = var.base_url
}

inbox "sms" {}

scenario "sign_up" {
  description = "A new user signs up by a link that comes by SMS."

  locals {
    phone = fake_phone(iteration.id % 28800) # reserved numbers: no real phone rings
  }

  step "descope_magiclink_sign_up" "send" {
    login_id = local.phone
  }

  # The wait belongs to the step above: an older message is never taken.
  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.send.started_at

    extract {
      token = "[?&]t=([^&#\\s]+)"
    }
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.text.extracted.token

    assert {
      condition     = self.first_seen && self.user.phone == local.phone && self.user.verified_phone
      error_message = "The new user must have this phone, verified."
    }
  }
}
