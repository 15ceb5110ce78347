# A server that stalls, under a rate that does not heed it.

variable "base_url" {
  type = string
}

variable "rate" {
  type    = number
  default = 1000
}

variable "over" {
  type    = string
  default = "30s"
}

variable "max_in_flight" {
  type    = number
  default = 2000
}

variable "overflow" {
  type    = string
  default = "drop"
}

scenario "stalling" {
  step "http_request" "get" {
    url = "${var.base_url}/null"
  }
}

load "open" {
  scenario      = scenario.stalling
  max_in_flight = var.max_in_flight
  overflow      = var.overflow

  stage {
    rate = var.rate
    over = "0s"
  }

  stage {
    rate = var.rate
    over = var.over
  }

  threshold "in_time" {
    condition     = metrics.iterations.response_ms.p99 < 100
    error_message = "People waited."
  }
}
