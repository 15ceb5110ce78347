provider "descope" {
  alias    = "a"
  base_url = "emulator"
}

provider "descope" {
  alias    = "b"
  base_url = "emulator"
}

inbox "sms" { # ERROR: Missing provider
}

inbox "named" {
  provider = descope.a
}
