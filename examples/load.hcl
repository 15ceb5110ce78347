# Load: people sign in by SMS while others change their number. Look at the plan first,
# then run it, offline:
#
#   authbench plan examples/load.hcl
#   authbench load examples/load.hcl
#
# Higher, for longer: --var peak=200 --var hold=5m

variable "base_url" {
  type        = string
  default     = "emulator"
  description = "The API under test: a URL, or the built-in emulator."
}

variable "peak" {
  type        = number
  default     = 40
  description = "Iterations a second at the peak."

  validation {
    condition     = var.peak > 0 && var.peak <= 1000
    error_message = "peak must be above 0 and at most 1000."
  }
}

variable "hold" {
  type        = string
  default     = "20s"
  description = "How long the peak is held."
}

provider "descope" {
  base_url = var.base_url

  limits {
    # A live service allows some 100 requests a minute; the emulator all you can send.
    requests_per_second = startswith(var.base_url, "https://") ? 1.5 : null
    max_messages        = startswith(var.base_url, "https://") ? 100 : null
  }
}

inbox "sms" {
  driver = "emulator"
}

locals {
  code = "\\b([0-9]{6})\\b"
}

# One number belongs to one iteration at a time: two that shared one would read each
# other's codes. Rows may come from a file as well: file = "phones.csv"
dataset "phones" {
  rows = [for n in range(1000) : { phone = fake_phone(n) }]
  mode = "lease"
}

# Each user signs in once, before the first iteration that needs it.
fixture "session" {
  scope = "vu"

  locals {
    login_id = "vu-${vu.id}-${uuid()}@example.test"
  }

  step "descope_embedded_link_sign_up" "link" {
    login_id = local.login_id
  }

  step "descope_magiclink_verify" "signin" {
    token = step.link.token
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      login_id = local.login_id
    }
  }

  output "login_id" {
    value = local.login_id
  }

  output "refresh_jwt" {
    value     = step.signin.refresh_jwt
    sensitive = true
  }
}

scenario "sign_in" {
  description = "Somebody signs in, and up first if need be, by a code that comes by SMS."

  step "descope_otp_sign_up_or_in" "send" {
    login_id = dataset.phones.row.phone
    method   = "sms"
  }

  step "inbox_message" "text" {
    inbox   = inbox.sms
    to      = dataset.phones.row.phone
    after   = step.send.started_at
    timeout = "10s"

    extract {
      code = local.code
    }
  }

  step "descope_otp_verify" "verify" {
    login_id = dataset.phones.row.phone
    method   = "sms"
    code     = step.text.extracted.code
  }

  step "descope_me" "me" {
    refresh_jwt = step.verify.refresh_jwt

    assert {
      condition     = self.user.phone == dataset.phones.row.phone
      error_message = "Another user was signed in."
    }
  }
}

scenario "change_phone" {
  description = "A signed-in user changes their number, and confirms it by a code."

  step "descope_otp_update_phone" "change" {
    login_id    = fixture.session.login_id
    phone       = dataset.phones.row.phone
    refresh_jwt = fixture.session.refresh_jwt
  }

  step "inbox_message" "text" {
    inbox   = inbox.sms
    to      = dataset.phones.row.phone
    after   = step.change.started_at
    timeout = "10s"

    extract {
      code = local.code
    }
  }

  step "descope_otp_verify" "confirm" {
    login_id = fixture.session.login_id
    method   = "sms"
    code     = step.text.extracted.code
  }
}

load "ramp" {
  description   = "Up to the peak, hold it, down again."
  max_in_flight = 500
  overflow      = "drop"
  warmup        = "2s"

  mix {
    scenario = scenario.sign_in
    weight   = 8
  }

  mix {
    scenario = scenario.change_phone
    weight   = 2
  }

  stage {
    rate = var.peak
    over = "5s"
  }

  stage {
    rate = var.peak
    over = var.hold
  }

  stage {
    rate = 0
    over = "2s"
  }

  threshold "works" {
    condition     = metrics.iterations.success_ratio > 0.99
    error_message = "Only ${metrics.iterations.success} of ${metrics.iterations.scheduled} iterations succeeded."
  }

  threshold "broken" {
    condition     = metrics.iterations.failure_ratio < 0.5
    error_message = "More than half of the iterations fail: there is no point in going on."
    window        = "5s"
    abort         = true
    min_samples   = 50
  }

  threshold "verify_is_fast" {
    condition     = metrics.step.verify.duration_ms.p95 < 500
    error_message = "The slowest codes of twenty take ${metrics.step.verify.duration_ms.p95} ms to verify."
  }

  threshold "messages_arrive" {
    condition     = metrics.deliveries.lost == 0 && metrics.deliveries.duration_ms.p99 < 5000
    error_message = "${metrics.deliveries.lost} messages were lost."
  }

  threshold "schedule_kept" {
    condition     = metrics.iterations.dropped == 0
    error_message = "${metrics.iterations.dropped} iterations were dropped: raise max_in_flight or the number of phones, or lower the peak."
  }

  threshold "not_throttled" {
    condition     = lookup(metrics.error_codes, "E130429", 0) == 0
    error_message = "The service limited the rate, so the times say little about it."
  }
}
