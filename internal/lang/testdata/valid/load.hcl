variable "peak" {
  default = 20
}

variable "password" {
  default   = "canary-password"
  sensitive = true
}

provider "descope" {
  base_url = "emulator"

  limits {
    requests_per_second = 75
    max_messages        = 5000

    class "send" {
      requests_per_second = 30
      burst               = 5
    }

    identifier "send" {
      requests = 5
      every    = "1m"
    }
  }

  http {
    keep_alive = "per_user"
  }
}

inbox "sms" {
  driver = "emulator"
}

# One row is leased to one iteration at a time.
dataset "phones" {
  file     = "phones.csv"
  columns  = ["phone", "area"]
  mode     = "lease"
  cooldown = "2s"
}

dataset "people" {
  file         = "people.json"
  mode         = "unique"
  on_exhausted = "drop"
}

dataset "secrets" {
  rows = [for i in range(3) : { name = "p${i}", number = i, password = var.password }]
  mode = "random"
}

fixture "session" {
  scope = "vu"

  locals {
    login_id = "vu-${vu.id}@example.test"
  }

  step "descope_embedded_link_sign_up" "link" {
    login_id = local.login_id
  }

  step "descope_magiclink_verify" "signin" {
    token = step.link.token
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.signin.user.user_id
    }
  }

  output "refresh_jwt" {
    value     = step.signin.refresh_jwt
    sensitive = true
  }

  output "login_id" {
    value = local.login_id
  }
}

fixture "warm" {
  description = "Asked once."

  step "pause" "moment" {
    duration = "10ms"
  }

  output "id" {
    value = "${run.id}-${uuid()}"
  }
}

scenario "signin" {
  step "descope_otp_sign_up_or_in" "send" {
    login_id = dataset.phones.row.phone
    method   = "sms"

    assert {
      condition     = dataset.people.row.age > 3 && dataset.people.row.address.city != "" && dataset.secrets.row.number >= 0
      error_message = "Not ${dataset.people.row.name} of ${dataset.phones.row.area}."
    }
  }

  step "inbox_message" "code" {
    inbox   = inbox.sms
    to      = dataset.phones.row.phone
    after   = step.send.started_at
    timeout = "20s"

    extract {
      code = "([0-9]{6})"
    }
  }

  step "descope_otp_verify" "verify" {
    login_id = dataset.phones.row.phone
    method   = "sms"
    code     = step.code.extracted.code
  }
}

scenario "change" {
  for_each = toset(["sms", "whatsapp"])
  targets  = ["emulator"]

  locals {
    password = dataset.secrets.row.password
  }

  step "descope_magiclink_update_phone" "change" {
    login_id    = fixture.session.login_id
    phone       = "+12025550101"
    method      = each.key
    refresh_jwt = fixture.session.refresh_jwt
    provider_id = fixture.warm.id
    template_id = local.password
  }

  step "descope_me" "verify" {
    refresh_jwt = fixture.session.refresh_jwt
  }
}

load "ramp" {
  description   = "Ramp to peak, hold, ramp down."
  seed          = 42
  max_in_flight = 10 * var.peak
  overflow      = "queue"
  warmup        = "30s"
  graceful_stop = "0s"
  arrivals      = "poisson"
  precise       = true

  mix {
    scenario = scenario.signin
    weight   = 8
  }

  mix {
    scenario = scenario.change
    weight   = 2
  }

  stage {
    rate = var.peak
    over = "2m"
  }

  stage {
    rate = var.peak
    over = "5m"
  }

  stage {
    rate = 2 * var.peak
    over = "0s"
  }

  stage {
    rate = 0
    over = "1m"
  }

  threshold "errors" {
    condition     = metrics.iterations.failure_ratio < 0.01
    error_message = "Failure ratio is ${metrics.iterations.failure_ratio}."
    abort         = true
    after         = "1m"
    window        = "30s"
  }

  threshold "verify_p95" {
    condition     = metrics.scenario.signin.step.verify.duration_ms.p95 < 600
    error_message = "p95 of OTP verification is ${metrics.scenario.signin.step.verify.duration_ms.p95} ms."
    min_samples   = 100
  }

  threshold "not_throttled" {
    condition     = lookup(metrics.error_codes, "E130429", 0) == 0 && metrics.deliveries.lost == 0
    error_message = "The tenant was rate limited, or messages were lost."
  }

  threshold "schedule_kept" {
    condition     = metrics.iterations.dropped == 0 && metrics.step.send.count > 0
    error_message = "${metrics.iterations.dropped} iterations were dropped: raise max_in_flight or lower the rate."
  }
}

load "users" {
  scenario = scenario.change["sms"]

  vus {
    count = 50
    over  = "30s"
  }

  vus {
    count = 50
    over  = "1m30s"
  }
}

load "fixed" {
  scenario      = scenario.change
  iterations    = 1000
  max_in_flight = 5
}
