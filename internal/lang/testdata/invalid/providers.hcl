provider "descope" {
  base_url = "emulator"
}

provider "descope" {
  alias    = "canary " # ERROR: Invalid alias
  base_url = "emulator"
}

provider "descope" {
  alias    = "a"
  base_url = "ftp://example.test" # ERROR: Invalid base_url
}

provider "descope" {
  alias    = "b"
  base_url = "https://user:pw@example.test/?q#f" # ERROR: Invalid base_url
}

provider "descope" {
  alias    = "c"
  base_url = "http://example.test" # ERROR: Invalid base_url
  projekt  = "P1"                  # ERROR: Unsupported argument
}

provider "descope" {
  alias    = "d"
  base_url = step.x.url # ERROR: Invalid reference

  limits {
    requests_per_second = -1      # ERROR: Invalid value
    burst               = 0       # ERROR: Invalid value
    max_messages        = 1.5     # ERROR: Invalid value
    on_429              = "retry" # ERROR: Invalid value
    on_430              = "retry" # ERROR: Unsupported argument
  }

  http {
    keep_alive      = "per_usr"                        # ERROR: Invalid value
    proxy           = "127.0.0.1:3128"                 # ERROR: Invalid value
    local_addresses = ["127.0.0.1", "localhost", null] # ERROR: Invalid value + Invalid value
    max_body        = "much"                           # ERROR: Incorrect value type
    connect_timeout = "1"                              # ERROR: Invalid duration
    dns_ttl         = "1"                              # ERROR: Invalid duration
  }

  # ERROR: Incomplete client certificate
  tls {
    ca   = "missing.pem" # ERROR: Invalid value
    cert = "-----BEGIN CERTIFICATE-----"
  }

  emulator {
    signing_alg            = "HS256"                       # ERROR: Invalid emulator setting
    approved_domains       = ["ok.test", "https://x.test"] # ERROR: Invalid emulator setting
    refresh_token_rotation = "x"                           # ERROR: Incorrect value type
    seed                   = -1                            # ERROR: Invalid value

    otp {
      attempts = 0      # ERROR: Invalid value
      resend   = "keep" # ERROR: Invalid emulator setting
      digits   = 11     # ERROR: Invalid emulator setting
      length   = 6      # ERROR: Unsupported argument
    }

    unpublished {
      user_made      = "later"    # ERROR: Invalid emulator setting
      providers      = ["a", "a"] # ERROR: Invalid emulator setting
      mask_phone_end = 65         # ERROR: Invalid emulator setting
    }

    magic_link {
      redirect_url = "javascript:alert(1)" # ERROR: Invalid emulator setting
    }

    embedded_link {
      expiration_time = "x" # ERROR: Invalid duration
    }
  }
}
