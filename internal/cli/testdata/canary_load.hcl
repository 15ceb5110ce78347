# Rows, fixtures and answers that hold secrets, and steps that fail with them: what a load
# run shows, saves and sends is read by canary_load_test.go.

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

dataset "cells" {
  file      = "canary_load.csv"
  mode      = "random"
  sensitive = ["token"]
}

dataset "inline" {
  rows = [{ name = "plain", hidden = var.canary }]
  mode = "random"
}

fixture "session" {
  scope = "vu"

  locals {
    login = "vu-${vu.id}-${uuid()}@example.test"
  }

  step "descope_embedded_link_sign_up" "link" {
    login_id = local.login
  }

  step "descope_magiclink_verify" "signin" {
    token = step.link.token
  }

  # Its failure is told as well.
  teardown {
    step "descope_otp_verify" "refused" {
      provider = descope.echo
      login_id = local.login
      method   = "email"
      code     = substr(step.signin.refresh_jwt, 0, 40)
    }
  }

  output "refresh" {
    value     = step.signin.refresh_jwt
    sensitive = true
  }

  output "pair" {
    value     = { open = "plain", hidden = step.link.token }
    sensitive = true
  }
}

# It never stands: what it knew is in its failure.
fixture "broken" {
  step "http_request" "refused" {
    method = "POST"
    url    = "${var.url}/echo/fixture"
    bearer = var.canary
    json   = { canary = var.canary, key = var.key }
  }

  output "body" {
    value = step.refused.body
  }
}

scenario "told" {
  step "http_request" "cell" {
    method              = "POST"
    url                 = "${var.url}/echo/cell"
    headers             = { "X-Canary" = dataset.cells.row.token }
    query               = { cell = dataset.cells.row.token, hidden = dataset.inline.row.hidden }
    json                = { cell = dataset.cells.row.token, all = jsonencode(dataset.cells.row) }
    continue_on_failure = true
  }

  step "http_request" "output" {
    method              = "POST"
    url                 = "${var.url}/echo/output"
    bearer              = fixture.session.refresh
    json                = { pair = fixture.session.pair, link = fixture.session.pair.hidden }
    continue_on_failure = true
  }

  step "descope_me" "me" {
    refresh_jwt         = fixture.session.refresh
    continue_on_failure = true

    assert {
      condition     = self.user.email == dataset.cells.row.token || dataset.cells.row.token == dataset.inline.row.hidden
      error_message = "it is not"
    }
  }

  step "descope_refresh" "refresh" {
    refresh_jwt         = fixture.session.refresh
    continue_on_failure = true

    assert {
      condition     = self.session_jwt == dataset.cells.row.token || jsonencode(self) == "x"
      error_message = "it is not"
    }
  }

  step "descope_embedded_link" "echoed" {
    provider            = descope.echo
    login_id            = dataset.cells.row.token
    continue_on_failure = true
  }

  step "descope_me" "echoed_bearer" {
    provider            = descope.echo
    refresh_jwt         = fixture.session.refresh
    continue_on_failure = true
  }

  step "http_request" "nowhere" {
    url                 = "http://127.0.0.1:1/${dataset.cells.row.token}"
    continue_on_failure = true
  }

  assert {
    condition     = dataset.cells.row.token == "x" || fixture.session.refresh == "x" || var.key == "x"
    error_message = "it is not"
  }
}

scenario "coded" {
  locals {
    login = "canary-${iteration.uuid}@example.test"
    phone = fake_phone(iteration.id)
  }

  step "descope_otp_sign_up" "send" {
    login_id = local.login
    method   = "sms"
    user     = { phone = local.phone }
  }

  step "inbox_message" "text" {
    inbox               = inbox.messages
    to                  = local.phone
    after               = step.send.started_at
    continue_on_failure = true

    extract {
      code = "\\b([0-9]{6})\\b"
    }

    assert {
      condition     = self.extracted.code == dataset.cells.row.token || self.body == "x"
      error_message = "it is not"
    }
  }

  step "descope_otp_verify" "echoed" {
    provider            = descope.echo
    login_id            = local.login
    method              = "sms"
    code                = step.text.extracted.code
    continue_on_failure = true
  }
}

scenario "stuck" {
  step "http_request" "never" {
    url = "${var.url}/${fixture.broken.body}"
  }
}

load "all" {
  max_in_flight = 20
  warmup        = "500ms"

  mix {
    scenario = scenario.told
    weight   = 3
  }

  mix {
    scenario = scenario.coded
    weight   = 1
  }

  mix {
    scenario = scenario.stuck
    weight   = 1
  }

  stage {
    rate = 15
    over = "0s"
  }

  stage {
    rate = 15
    over = "3s"
  }

  threshold "works" {
    condition     = metrics.iterations.success_ratio > 0.99
    error_message = "${metrics.iterations.failure} failed, with ${jsonencode(metrics.error_codes)}"
  }
}
