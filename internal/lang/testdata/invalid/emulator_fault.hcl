provider "descope" {
  base_url = "emulator"

  emulator {
    fault "nothing" {} # ERROR: Missing required argument + Missing required argument

    fault "words" {
      match            = "otp"      # ERROR: Invalid emulator setting
      phase            = "before"
      action           = "status"
      probability      = 2          # ERROR: Invalid value
      skip             = -1         # ERROR: Invalid value
      status           = 204        # ERROR: Invalid emulator setting
      retry_after      = "a\nb"     # ERROR: Invalid emulator setting
      bytes_per_second = 5          # ERROR: Invalid emulator setting
      speed            = 5          # ERROR: Unsupported argument
    }

    fault "odd" {
      phase  = "during" # ERROR: Invalid emulator setting
      action = "status"
    }

    fault "odd" { # ERROR: Invalid emulator setting
      phase  = "before"
      action = "loss" # ERROR: Invalid emulator setting
    }

    fault "no_time" { # ERROR: Invalid emulator setting
      phase  = "before"
      action = "latency"
    }

    fault "time" {
      phase   = "before"
      action  = "latency"
      latency = "soon" # ERROR: Invalid value
    }

    fault "type" {
      phase   = "before"
      action  = "latency"
      latency = 5 # ERROR: Invalid value
    }

    fault "parts" {
      phase   = "before"
      action  = "latency"
      latency = { distribution = "fixed", pause = "1s" } # ERROR: Invalid value
    }

    fault "fit" {
      phase   = "before"
      action  = "latency"
      latency = { distribution = "uniform" } # ERROR: Invalid emulator setting
    }
  }
}
