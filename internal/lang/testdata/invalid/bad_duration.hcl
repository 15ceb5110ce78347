provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  timeout = "5 minutes" # ERROR: Invalid duration

  step "descope_embedded_link" "link" {
    login_id   = "a"
    expires_in = "tomorrow" # ERROR: Invalid duration
    timeout    = "-1s"      # ERROR: Invalid duration

    expect {
      max_latency = "0s" # ERROR: Invalid duration
    }

    retry {
      attempts  = 2
      on        = ["timeout"]
      force     = true
      min_delay = "1" # ERROR: Invalid duration
      max_delay = "x" # ERROR: Invalid duration
    }

    poll {
      until    = self.ok
      interval = "soon" # ERROR: Invalid duration
      timeout  = ""     # ERROR: Invalid duration
    }
  }

  step "pause" "wait" {
    duration = "1parsec" # ERROR: Invalid duration
  }
}
