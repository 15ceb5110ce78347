provider "descope" {
  base_url = "emulator"
}

variable "token" {
  default   = "canary-4711"
  sensitive = true
}

variable "pin" {
  default   = ["canary-4711"] # ERROR: Invalid value for variable
  type      = string
  sensitive = true
}

inbox "sms" {
  driver = var.token # ERROR: Sensitive value not allowed here
  token  = var.token
}

scenario "x" {
  step "pause" "wait" {
    duration = var.token # ERROR: Invalid duration
  }

  step "http_request" "r" {
    url    = "http://127.0.0.1/"
    bearer = tonumber(var.token) # ERROR: Invalid function argument
  }
}
