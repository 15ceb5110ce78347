provider "descope" {
  base_url = "emulator"
}

scenario "a" {
  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }

  step "pause" "alone" {
    duration = metrics.iterations.rate # ERROR: Invalid reference
  }
}

scenario "b" {
  step "descope_otp_sign_up" "send" {
    login_id = "b@example.test"
  }
}

load "l" {
  warmup = "1m"

  mix {
    scenario = scenario.a
    weight   = 1
  }

  mix {
    scenario = scenario.b
    weight   = 2.5
  }

  stage {
    rate = 10
    over = "2m"
  }

  threshold "misspelt" {
    condition     = metrics.iterations.failure_rate < 1 # ERROR: Unsupported attribute
    error_message = metrics.step.alon.count             # ERROR: Unsupported attribute
  }

  threshold "ambiguous" {
    condition     = metrics.step.send.duration_ms.p95 < 5 # ERROR: Ambiguous step
    error_message = "x"
  }

  threshold "scenario" {
    condition     = metrics.scenario.b.step.alone.count > 1 # ERROR: Unsupported attribute
    error_message = "x"
  }

  threshold "object" {
    condition     = metrics.iterations.duration_ms < 5 # ERROR: Invalid reference
    error_message = "x"
  }

  threshold "whole" {
    condition     = metrics == 5 # ERROR: Invalid reference
    error_message = "x"
  }

  threshold "nothing" {
    condition     = 1 < 2 # ERROR: Invalid threshold
    error_message = "x"
  }

  threshold "number" {
    condition     = metrics.iterations.rate # ERROR: Invalid condition
    error_message = metrics.iterations.rate
  }

  threshold "text" {
    condition     = metrics.iterations.rate == "5" # WARNING: Comparison of different types
    error_message = null                           # ERROR: Invalid error message
  }

  threshold "step" {
    condition     = step.send.ok # ERROR: Invalid reference
    error_message = "x"
  }

  threshold "random" {
    condition     = metrics.iterations.rate > randint(1, 5) # ERROR: Function not allowed here
    error_message = "x"
  }

  threshold "times" {
    condition     = lookup(metrics.error_codes, "E130429", 0) == 0
    error_message = "x"
    window        = "61s"  # ERROR: Invalid threshold
    after         = "1m"   # ERROR: Invalid threshold
    abort         = "soon" # ERROR: Incorrect value type
    min_samples   = 0      # ERROR: Invalid value
  }

  threshold "times" { # ERROR: Duplicate threshold
    condition     = metrics.iterations.rate > 5
    error_message = "x"
  }

  threshold "incomplete" { # ERROR: Missing required argument
    condition = metrics.iterations.rate > 5
  }
}
