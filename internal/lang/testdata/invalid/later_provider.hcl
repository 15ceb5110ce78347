provider "descope" {
  base_url = "emulator"
}

provider "descope" {
  alias    = "x"
  base_url = "emulator"
  budget {} # ERROR: Not supported yet

  emulator {
    rate_limit = 5 # ERROR: Not supported yet
    user "u" {}    # ERROR: Not supported yet
    delivery {}    # ERROR: Not supported yet
    fault "f" {}   # ERROR: Not supported yet
  }
}
