# Iterations that wait and hold no connection.

variable "iterations" {
  type = number
}

scenario "parked" {
  step "pause" "wait" {
    duration = "5s"
  }
}

load "all" {
  scenario      = scenario.parked
  iterations    = var.iterations
  max_in_flight = var.iterations
}
