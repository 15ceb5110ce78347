# Every setting of the emulator, with a value that is not its default.
locals {
  short = "90s"
}

provider "descope" {
  base_url = "emulator"

  emulator {
    seed                          = 7
    signing_alg                   = "EdDSA"
    approved_domains              = ["app.example.test", "*.example.test"]
    session_token_expiration      = local.short
    session_token_response_method = "cookies"
    session_token_cookie_policy   = "lax"
    session_token_cookie_domain   = "example.test"
    refresh_token_expiration      = "24h"
    refresh_token_response_method = "cookies"
    refresh_token_cookie_policy   = "strict"
    refresh_token_cookie_domain   = "example.test"
    refresh_token_rotation        = true
    refresh_token_reuse_interval  = "10s"
    step_up_token_expiration      = "5m"
    enable_inactivity             = true
    inactivity_time               = "30m"
    tenant_user_isolation         = true
    test_users_limit              = 5
    test_users_loginid_regexp     = "^test-"
    test_users_verifier_regexp    = "^\\+1555555"
    test_users_static_otp         = "123456"
    rate_limit                    = "custom"
    retry_after                   = "date"

    otp {
      disabled        = false
      expiration_time = "2m"
      resend          = "coexist"
      attempts        = 3
      window_attempts = 10
      attempts_window = "1h"
    }

    magic_link {
      disabled        = true
      expiration_time = "4m"
      redirect_url    = "https://www.example.test/link"
    }

    embedded_link {
      disabled        = true
      expiration_time = "2m"
    }

    enchanted_link {
      disabled        = true
      expiration_time = "5m"
      redirect_url    = "https://www.example.test/link"
    }

    limit "verify" {
      by       = "ip"
      requests = 100
      window   = "1m"
      backoff  = "1m"
      routes   = ["/v1/auth/*"]
      except   = ["/v1/auth/me"]
    }

    limit "cooldown" {
      by       = "recipient"
      requests = 1
      window   = "30s"
    }

    limit "breaker" {
      by       = "all_recipients"
      requests = 1000
      window   = "1h"
    }

    fault "lost_acknowledgement" {
      match       = "POST /v1/auth/otp/*"
      phase       = "after_commit"
      action      = "reset"
      probability = 0.05
      skip        = 1
      count       = 10
    }

    fault "overload" {
      phase       = "before"
      action      = "status"
      status      = 429
      error_code  = "E130429"
      retry_after = "0.5"
      latency     = "20ms"
    }

    fault "thin_line" {
      phase            = "jwks"
      action           = "drip"
      bytes_per_second = 50
    }

    fault "late" {
      phase   = "delivery"
      action  = "latency"
      latency = { distribution = "lognormal", median = local.short, sigma = 0.5, max = "10m" }
    }

    user "alice" {
      phone          = "+15555550101"
      verified_phone = true
      roles          = ["admin"]
      tenants        = ["T1", "T2"]
    }

    user "bob" {
      login_id       = "bob"
      email          = "bob@example.test"
      verified_email = true
      name           = "Bob"
      status         = "invited"
    }
  }
}

scenario "nothing" {
  step "pause" "wait" {
    duration = "1ms"
  }
}
