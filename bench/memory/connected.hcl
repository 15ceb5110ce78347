# Iterations of which each waits for an answer, on a connection of its own.

variable "base_url" {
  type = string
}

variable "iterations" {
  type = number
}

scenario "connected" {
  step "http_request" "get" {
    url = "${var.base_url}/null"
  }

  step "pause" "last" {
    duration = "1s"
  }
}

load "all" {
  scenario      = scenario.connected
  iterations    = var.iterations
  max_in_flight = var.iterations
}
