# One request that is the same each time, with one check: what generators that replay
# fixed requests do, at its plainest.

variable "base_url" {
  type = string
}

variable "iterations" {
  type = number
}

variable "in_flight" {
  type = number
}

scenario "static" {
  step "http_request" "post" {
    method = "POST"
    url    = "${var.base_url}/v1/auth/magiclink/signup-in/email"
    bearer = "P2abcdefghijklmnopqrstuvwxyz"
    json   = { loginId = "load-000001@example.test", redirectUrl = "https://app.example.test/verify" }

    assert {
      condition     = self.status == 200
      error_message = "The server must answer."
    }
  }
}

load "closed" {
  scenario      = scenario.static
  iterations    = var.iterations
  max_in_flight = var.in_flight

  threshold "all_good" {
    condition     = metrics.iterations.failure + metrics.iterations.error == 0
    error_message = "Not all went well."
  }
}
