# Iterations of which each waits for a message that is held back for a minute.

variable "base_url" {
  type    = string
  default = "emulator"
}

variable "hold" {
  type = string
}

variable "rate" {
  type = number
}

variable "seconds" {
  type = number
}

provider "descope" {
  base_url = var.base_url

  emulator {
    signing_alg = "EdDSA"

    delivery {
      latency = var.hold
    }
  }
}

inbox "messages" {
  driver = "emulator"
}

scenario "wait" {
  timeout = "5m"

  step "descope_magiclink_sign_up_or_in" "send" {
    login_id     = "user-${iteration.id}@example.test"
    method       = "email"
    redirect_url = "https://app.example.test/verify"
  }

  step "inbox_message" "mail" {
    inbox   = inbox.messages
    to      = "user-${iteration.id}@example.test"
    after   = step.send.started_at
    timeout = "4m"

    extract {
      token = "[?&]t=([^&#\\s]+)"
    }
  }
}

load "all" {
  scenario      = scenario.wait
  max_in_flight = 1000000
  graceful_stop = "5m"

  stage {
    rate = var.rate
    over = "0s"
  }

  stage {
    rate = var.rate
    over = "${var.seconds}s"
  }

  threshold "all_good" {
    condition     = metrics.iterations.failure + metrics.iterations.error == 0
    error_message = "Not all went well."
  }
}
