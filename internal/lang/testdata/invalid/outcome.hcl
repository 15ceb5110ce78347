provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  step "descope_otp_verify" "verify" {
    login_id = "a"
    code     = "1"

    expect {
      status     = 40                  # ERROR: Invalid expectation
      error_code = ["E061102", "oops"] # ERROR: Invalid expectation
    }

    # ERROR: Unsafe retry
    retry {
      attempts = 0                             # ERROR: Invalid value
      on       = ["timeout", 503, "conection"] # ERROR: Invalid value
    }

    # ERROR: Missing required argument
    poll {
      interval = "1s"
    }

    # ERROR: Missing required argument + Missing required argument
    assert {
    }
  }

  step "descope_me" "me" {
    expect {
      status = ["4xx", "6xx"] # ERROR: Invalid expectation
    }

    # ERROR: Missing required argument
    retry {
      on = ["timeout"]
    }

    poll {
      until = self.status # ERROR: Invalid condition
    }
  }
}
