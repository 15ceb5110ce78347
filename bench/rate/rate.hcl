# As little as an iteration can be: one request to a server that does nothing.

variable "base_url" {
  type = string
}

variable "rate" {
  type    = number
  default = 10000
}

variable "over" {
  type    = string
  default = "20s"
}

variable "precise" {
  type    = bool
  default = false
}

variable "max_in_flight" {
  type    = number
  default = 2000
}

scenario "null" {
  step "http_request" "get" {
    url = "${var.base_url}/null"

    assert {
      condition     = self.status == 200
      error_message = "The server must answer."
    }
  }
}

load "open" {
  scenario      = scenario.null
  max_in_flight = var.max_in_flight
  precise       = var.precise

  stage {
    rate = var.rate
    over = "0s"
  }

  stage {
    rate = var.rate
    over = var.over
  }

  threshold "answered" {
    condition     = metrics.iterations.failure + metrics.iterations.error == 0
    error_message = "Not every request was answered."
  }
}
