provider "descope" {
  base_url = "emulator"
}

variable "rate" {
  default = -1
}

scenario "a" {
  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }
}

scenario "none" {
  for_each = toset([])

  step "pause" "p" {
    duration = "1s"
  }
}

scenario "two" {
  for_each = toset(["x", "y"])

  step "pause" "p" {
    duration = "1s"
  }
}

load "nothing" { # ERROR: Nothing to run
  iterations = 1
}

load "no_schedule" { # ERROR: Invalid schedule
  scenario = scenario.a
}

load "both_schedules" { # ERROR: Invalid schedule
  scenario = scenario.a

  stage {
    rate = 1
    over = "1s"
  }

  vus {
    count = 1
    over  = "1s"
  }
}

load "iterations_and_stages" { # ERROR: Invalid schedule
  scenario   = scenario.a
  iterations = 5

  stage {
    rate = 1
    over = "1s"
  }
}

load "both_scenarios" { # ERROR: Conflicting arguments
  scenario   = scenario.a
  iterations = 1

  mix {
    scenario = scenario.a
    weight   = 1
  }
}

load "misspelt" {
  scenario   = scenario.aa # ERROR: Undeclared scenario
  iterations = 1
}

load "text" {
  scenario   = "scenario.a" # ERROR: Invalid scenario reference
  iterations = 1
}

load "key" {
  scenario   = scenario.two["z"] # ERROR: Undeclared scenario
  iterations = 1
}

load "instances" {
  scenario   = scenario.none # ERROR: Nothing to run
  iterations = 1
}

load "mixed" {
  iterations = 0 # ERROR: Invalid value

  mix {
    scenario = scenario.a
    weight   = 0 # ERROR: Invalid value
  }

  mix {
    scenario = scenario.a
    weight   = -1 # ERROR: Invalid value
  }

  mix { # ERROR: Missing required argument
    scenario = scenario.a
  }

  mix {
    scenario = scenario.a
    weight   = null # ERROR: Invalid value
  }

  mix {
    scenario = scenario.two
    weight   = 1
  }

  mix {
    scenario = scenario.two["x"] # ERROR: Duplicate scenario
    weight   = 1
  }
}

load "stages" {
  scenario = scenario.a

  stage {
    rate = var.rate # ERROR: Invalid value
    over = "-1s"    # ERROR: Invalid duration
  }

  stage {
    rate = "fast"  # ERROR: Incorrect value type
    over = "9000h" # ERROR: Invalid duration
  }

  stage {
    rate = 1e400 # ERROR: Invalid value
    over = null  # ERROR: Invalid value
  }

  stage { # ERROR: Missing required argument
    rate = 5
  }
}

load "still" { # ERROR: Empty schedule
  scenario = scenario.a

  stage {
    rate = 5
    over = "0s"
  }
}

load "idle" { # ERROR: Empty schedule
  scenario = scenario.a

  vus {
    count = 0
    over  = "1m"
  }
}

load "many" { # ERROR: Invalid schedule
  scenario = scenario.a

  stage {
    rate = 1000000
    over = "0s"
  }

  stage {
    rate = 1000000
    over = "3h"
  }
}

load "warm" {
  scenario = scenario.a
  warmup   = "1m" # ERROR: Invalid schedule

  stage {
    rate = 1
    over = "1m"
  }
}

load "closed" {
  scenario      = scenario.a
  arrivals      = "poisson" # ERROR: Argument without effect
  overflow      = "queue"   # ERROR: Argument without effect
  precise       = true      # ERROR: Argument without effect
  max_in_flight = 5         # ERROR: Invalid value

  vus {
    count = 6
    over  = "1s"
  }
}

load "words" {
  description   = "x"
  scenario      = scenario.a
  seed          = -1        # ERROR: Invalid value
  max_in_flight = 0         # ERROR: Invalid value
  overflow      = "wait"    # ERROR: Invalid value
  arrivals      = "regular" # ERROR: Invalid value
  warmup        = "soon"    # ERROR: Invalid duration
  graceful_stop = 30        # ERROR: Invalid duration
  vu            = 1         # ERROR: Unsupported argument
  sweep {}                  # ERROR: Not supported yet

  stage {
    rate = 1
    over = iteration.id # ERROR: Invalid reference
  }
}

load "words" { # ERROR: Duplicate load
}
