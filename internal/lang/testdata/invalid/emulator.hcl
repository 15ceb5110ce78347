provider "descope" {
  base_url = "emulator"

  emulator {
    session_token_expiration      = "20m"      # ERROR: Invalid emulator setting
    session_token_response_method = "header"   # ERROR: Invalid emulator setting
    session_token_cookie_policy   = "loose"    # ERROR: Invalid emulator setting
    session_token_cookie_domain   = "*.x.test" # ERROR: Invalid emulator setting
    refresh_token_expiration      = "10m"
    refresh_token_reuse_interval  = "10s"       # ERROR: Invalid emulator setting
    step_up_token_expiration      = "1ms"       # ERROR: Invalid emulator setting
    enable_inactivity             = "sometimes" # ERROR: Incorrect value type
    inactivity_time               = "99999h"    # ERROR: Invalid emulator setting
    tenant_user_isolation         = []          # ERROR: Incorrect value type
    test_users_limit              = -1          # ERROR: Invalid value
    test_users_loginid_regexp     = "("         # ERROR: Invalid emulator setting
    test_users_verifier_regexp    = "[a-"       # ERROR: Invalid emulator setting
    test_users_static_otp         = "1234"      # ERROR: Invalid emulator setting
    test_users_digits             = 6           # ERROR: Unsupported argument
    rate_limit                    = "off"
    retry_after                   = "soon" # ERROR: Invalid emulator setting
    rate_limit_tier               = "tier5" # ERROR: Invalid emulator setting
    rate_limits                   = "off"  # ERROR: Unsupported argument

    otp {
      resend          = "keep" # ERROR: Invalid emulator setting
      attempts        = 1001   # ERROR: Invalid emulator setting
      window_attempts = -1     # ERROR: Invalid value
      attempts_window = "10m"  # ERROR: Invalid emulator setting
    }

    otp {} # ERROR: Duplicate block

    magic_link {
      disabled = 1 # ERROR: Incorrect value type
    }

    enchanted_link {
      redirect_url    = "x" # ERROR: Invalid emulator setting
      expiration_time = 5   # ERROR: Invalid duration
    }

    # ERROR: Invalid emulator setting + Missing required argument + Missing required argument + Missing required argument
    limit "nothing" {}

    limit "a" {
      by       = "person"          # ERROR: Invalid emulator setting
      requests = 0                 # ERROR: Invalid value
      window   = "x"               # ERROR: Invalid duration
      routes   = ["v1/auth", "/*"] # ERROR: Invalid emulator setting
      except   = ["/v1/*/verify"]  # ERROR: Invalid emulator setting
      burst    = 5                 # ERROR: Unsupported argument
    }

    limit "a" { # ERROR: Invalid emulator setting
      by       = "ip"
      requests = 5
      window   = "1m"
    }

    limit { # ERROR: Wrong number of labels
      by = "ip"
    }

    test_users { # ERROR: Unsupported block
      limit = 5
    }

    answer "weather" { # ERROR: Invalid emulator setting
      status = 400
    }

    answer "wrong_otp" {
      status  = 200     # ERROR: Invalid value
      code    = "E0"    # ERROR: Invalid emulator setting
      message = []      # ERROR: Incorrect value type
      text    = "Wrong" # ERROR: Unsupported argument
    }

    answer "user_disabled" { # ERROR: Invalid emulator setting
    }

    answer "link_pending" {
      status = 600 # ERROR: Invalid emulator setting
    }

    answer "link_pending" { # ERROR: Invalid emulator setting
      status = 400
    }

    user "nobody" {} # ERROR: Invalid emulator setting

    user "ann" {
      phone          = "123"        # ERROR: Invalid emulator setting
      email          = "no address" # ERROR: Invalid emulator setting
      status         = "gone"       # ERROR: Invalid emulator setting
      roles          = ["a", "a"]   # ERROR: Invalid emulator setting
      tenants        = "T1"         # ERROR: Incorrect value type
      verified_phone = "very"       # ERROR: Incorrect value type
      login          = "x"          # ERROR: Unsupported argument
    }

    user "bob" {
      login_id       = "bob"
      verified_phone = true # ERROR: Invalid emulator setting
      verified_email = true # ERROR: Invalid emulator setting
    }

    user "twin" {
      phone = "+1 555 555 0101"
    }

    user "other" { # ERROR: Invalid emulator setting
      login_id = "+15555550101"
    }
  }
}

provider "descope" {
  alias    = "custom"
  base_url = "emulator"

  emulator {
    rate_limit = "custom" # ERROR: Invalid emulator setting
  }
}
