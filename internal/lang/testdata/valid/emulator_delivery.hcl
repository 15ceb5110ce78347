variable "key" {
  default   = "canary-key"
  sensitive = true
}

provider "descope" {
  base_url = "emulator"

  emulator {
    seed = 7

    delivery {
      latency        = { distribution = "lognormal", median = "800ms", sigma = 0.5, max = "1m" }
      loss           = 0.01
      duplicate      = 0.002
      reorder        = 0.05
      reorder_within = "10s"
      reject_at      = "send"

      carrier "+213" {
        reject = "no_geo"
      }

      carrier "+2135" {
        latency = "5s"
        loss    = 0
      }
    }

    connectors {
      generic_sms_gateway {
        post_url     = "http://127.0.0.1:9/sms"
        sender       = "+15555550000"
        headers      = { X-Account = var.key, X-Plain = "canary-plain" }
        hmac_secret  = "canary-hmac"
        read_timeout = "2s"

        authentication {
          basic {
            username = "ab"
            password = var.key
          }
        }
      }
    }
  }
}

scenario "nothing" {
  step "pause" "wait" {
    duration = "1ms"
  }
}
