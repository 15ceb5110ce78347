provider "descope" {
  base_url = "emulator"

  limits {
    requests_per_second = 5

    class "send" {
      requests_per_second = 0 # ERROR: Invalid value
    }

    class "sned" { # ERROR: Unknown class
      requests_per_second = 1
    }

    class "send" { # ERROR: Duplicate class
      requests_per_second = 1
    }

    class "verify" { # ERROR: Missing required argument
      burst = 0      # ERROR: Invalid value
    }

    identifier "send" {
      requests = 0    # ERROR: Invalid value
      every    = "0s" # ERROR: Invalid duration
    }

    identifier "send" { # ERROR: Duplicate identifier
      requests = 1
      every    = "1m"
    }

    identifier "verify" { # ERROR: Missing required argument
      requests = 1
    }

    class { # ERROR: Wrong number of labels
    }
  }
}
