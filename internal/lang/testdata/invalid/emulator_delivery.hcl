provider "descope" {
  base_url = "emulator"

  emulator {
    delivery {
      latency   = "soon" # ERROR: Invalid value
      loss      = 1.5    # ERROR: Invalid value
      reject_at = "never" # ERROR: Invalid emulator setting
      speed     = 1      # ERROR: Unsupported argument

      carrier {} # ERROR: Wrong number of labels

      carrier "213" {} # ERROR: Invalid emulator setting

      carrier "+1" {
        reject  = "maybe" # ERROR: Invalid emulator setting
        latency = { distribution = "uniform" } # ERROR: Invalid emulator setting
      }

      carrier "+1" {} # ERROR: Invalid emulator setting
    }

    connectors {
      generic_sms_gateway {
        post_url     = "ftp://127.0.0.1" # ERROR: Invalid emulator setting
        headers      = { Host = "x" }    # ERROR: Invalid emulator setting
        read_timeout = "1h"              # ERROR: Invalid emulator setting
        attempts     = 0                 # ERROR: Invalid value

        authentication { # ERROR: Invalid emulator setting
          bearer_token = "t"

          basic { # ERROR: Missing required argument
            username = "a:b" # ERROR: Invalid emulator setting
          }
        }
      }

      generic_mail_gateway {} # ERROR: Unsupported block
    }
  }
}

provider "descope" {
  alias    = "bare"
  base_url = "emulator"

  emulator {
    connectors {
      generic_sms_gateway {} # ERROR: Missing required argument
    }
  }
}
