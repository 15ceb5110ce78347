variable "token" {
  default   = "canary-bearer"
  sensitive = true
}

scenario "http" {
  step "http_request" "get" {
    url     = "http://127.0.0.1:1/${iteration.index}"
    bearer  = var.token
    headers = { Accept = "application/json", X = ["a", "b"] }
    query   = { run = run.id, vu = vu.id }
  }

  step "pause" "wait" {
    duration = "10ms"
    when     = try(step.get.json.wait, false)
  }

  assert {
    condition     = can(step.get.json.items[0]) && length(step.get.body) > 0
    error_message = "Body: ${step.get.body}."
  }

  output "secret" {
    value     = upper(var.token)
    sensitive = true
  }
}
