# Half an hour at 2,000 requests a second: send, verify, me, sign out, by people who come
# back. What drifts, on either side, shows in the report as a slope.
#
#   authbench emulate &
#   authbench load bench/soak/soak.hcl --target http://127.0.0.1:8787 --out soak.abrun --html soak.html

variable "base_url" {
  type    = string
  default = "emulator"
}

variable "hold" {
  type    = string
  default = "30m"
}

provider "descope" {
  base_url = var.base_url

  emulator {
    signing_alg = "ES256"
  }
}

inbox "messages" {
  driver = "emulator"
}

dataset "people" {
  rows = flatten([for a in range(200) : [for b in range(100) : { login_id = "soak-${a}-${b}@example.test" }]])
  mode = "lease"
}

scenario "come_and_go" {
  locals {
    login_id = dataset.people.row.login_id
  }

  step "descope_magiclink_sign_up_or_in" "send" {
    login_id     = local.login_id
    method       = "email"
    redirect_url = "https://app.example.test/verify"
  }

  step "inbox_message" "mail" {
    inbox = inbox.messages
    to    = local.login_id
    after = step.send.started_at

    extract {
      token = "[?&]t=([^&#\\s]+)"
    }
  }

  step "descope_magiclink_verify" "verify" {
    token = step.mail.extracted.token

    assert {
      condition     = self.user.email == local.login_id
      error_message = "Another one signed in."
    }
  }

  step "descope_me" "me" {
    refresh_jwt = step.verify.refresh_jwt
  }

  step "descope_logout" "gone" {
    refresh_jwt = step.verify.refresh_jwt
  }
}

load "soak" {
  scenario      = scenario.come_and_go
  warmup        = "30s"
  max_in_flight = 2000

  stage {
    rate = 500
    over = "30s"
  }

  stage {
    rate = 500
    over = var.hold
  }

  threshold "all_good" {
    condition     = metrics.iterations.failure + metrics.iterations.error == 0
    error_message = "${metrics.iterations.failure + metrics.iterations.error} went wrong."
  }

  threshold "all_started" {
    condition     = metrics.iterations.dropped <= metrics.iterations.scheduled / 100000
    error_message = "${metrics.iterations.dropped} were dropped."
  }
}
