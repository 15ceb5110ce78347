-- The request of static.hcl for wrk.
wrk.method = "POST"
wrk.path = "/v1/auth/magiclink/signup-in/email"
wrk.headers["Authorization"] = "Bearer P2abcdefghijklmnopqrstuvwxyz"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"loginId":"load-000001@example.test","redirectUrl":"https://app.example.test/verify"}'
