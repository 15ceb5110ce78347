provider "descope" { # ERROR: Missing limits
  base_url = "https://api.example.test"
}

provider "descope" {
  alias    = "null"
  base_url = "https://api.example.test"

  limits { # ERROR: Missing limits
    requests_per_second = null
    burst               = 3
  }
}

provider "descope" {
  alias    = "bounded"
  base_url = "https://api.example.test"

  limits {
    requests_per_second = 1.5
  }
}

provider "descope" {
  alias    = "local"
  base_url = "http://127.0.0.1:8787"
}
