provider "descope" {
  base_url = "emulator"
}

variable "v" {
  default = 1
}

scenario "x" {
  module "login" { # ERROR: Not supported yet
  }

  step "descope_me" "me" {
    refresh_jwt = module.login.refresh_jwt # ERROR: Not supported yet
    never {}                               # ERROR: Not supported yet

    assert {
      condition     = jsonpath(self.user, "$.x") == monitor.m.x # ERROR: Not supported yet + Not supported yet
      error_message = "x"
    }
  }

  step "http_request" "request" {
    url = load.ramp.metrics # ERROR: Not supported yet
  }
}

monitor "m" {} # ERROR: Not supported yet

race = 1 # ERROR: Not supported yet

inbox "sms" {
  driver = "twilio" # ERROR: Not supported yet
  listen = "x"      # ERROR: Not supported yet
}

authbench {
  location = "here" # ERROR: Not supported yet
}
