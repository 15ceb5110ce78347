authbench {
  required_version = ">= 0.3, < 2"
}

variable "phone" {
  type    = string
  default = "+12025550101"

  validation {
    condition     = startswith(var.phone, "+1")
    error_message = "Not a number of the North American plan: ${var.phone}."
  }
}

variable "key" {
  type      = string
  default   = "canary-key"
  sensitive = true
}

provider "descope" {
  base_url       = "emulator"
  management_key = var.key

  limits {
    requests_per_second    = 5
    burst                  = 5
    max_requests_in_flight = 3
    max_messages           = 1
    on_429                 = "backoff"
  }

  http {
    keep_alive      = "none"
    max_body        = 65536
    connect_timeout = "2s"
  }

  emulator {
    seed        = 7
    signing_alg = "ES256"
    otp {
      attempts = 3
    }
  }
}

inbox "texts" {
  driver = "emulator"
  token  = "canary-token"
}

locals {
  redirect = "https://app.example.test/verify"
}

scenario "change" {
  description = "Change of number by ${each.key}."
  tags        = ["smoke", "phone"]
  targets     = ["emulator", "staging"]
  for_each    = toset(["sms", "whatsapp"])
  serial      = "phone"
  timeout     = "3m"

  locals {
    login_id = "authbench+${iteration.uuid}@example.test"
    user     = step.signin.user.user_id
  }

  setup {
    step "descope_user_create" "user" {
      login_id = local.login_id
      email    = local.login_id
    }
  }

  step "descope_embedded_link" "link" {
    login_id      = local.login_id
    custom_claims = { suite = "valid", id = iteration.id }
    expires_in    = "5m"
  }

  step "descope_magiclink_verify" "signin" {
    token = step.link.token

    assert {
      condition     = self.claims.suite == "valid" && self.user.user_id != null
      error_message = "Claims must reach the session."
    }
  }

  step "descope_magiclink_update_phone" "change" {
    login_id     = local.login_id
    phone        = var.phone
    method       = each.key
    refresh_jwt  = step.signin.refresh_jwt
    redirect_url = local.redirect
    timeout      = "5s"

    retry {
      attempts  = 2
      on        = ["timeout", 503]
      force     = true
      min_delay = "10ms"
    }
  }

  step "inbox_message" "text" {
    inbox   = inbox.texts
    to      = var.phone
    after   = step.change.started_at
    timeout = "45s"

    extract {
      token = "[?&]t=([A-Za-z0-9._-]+)"
    }
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.text.extracted.token
  }

  assert {
    condition     = local.user == step.confirm.user.user_id
    error_message = "Another user: ${local.user}."
  }

  step "descope_magiclink_verify" "replay" {
    token               = step.text.extracted.token
    continue_on_failure = true

    expect {
      status      = "4xx"
      error_code  = ["E062504", "E061102"]
      max_latency = "2s"
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }

  output "user" {
    value       = local.user
    description = "Who it was."
  }
}
