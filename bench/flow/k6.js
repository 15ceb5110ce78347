// The four-step flow as a k6 user writes it: sign up or in, read the inbox, verify,
// ask for a change of the phone number. Checks are on, tokens are carried.
import http from 'k6/http';
import exec from 'k6/execution';
import { check } from 'k6';

const base = __ENV.BASE_URL;
const admin = __ENV.ADMIN_URL;
const project = __ENV.PROJECT_ID;
const inbox = `${admin}/_ab/projects/${project}/messages`;

export const options = {
  scenarios: {
    flow: {
      executor: 'shared-iterations',
      vus: Number(__ENV.IN_FLIGHT),
      iterations: Number(__ENV.ITERATIONS),
      maxDuration: '10m',
    },
  },
  thresholds: { checks: ['rate==1'] },
  summaryTrendStats: ['p(50)', 'p(95)', 'p(99)', 'max'],
};

function headers(jwt, name) {
  const bearer = jwt ? `${project}:${jwt}` : project;
  return { headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${bearer}` }, tags: { name } };
}

export default function () {
  const login = `k6-${__ENV.RUN}-${exec.scenario.iterationInTest}@example.test`;

  let r = http.post(`${base}/v1/auth/magiclink/signup-in/email`,
    JSON.stringify({ loginId: login, redirectUrl: 'https://app.example.test/verify' }), headers('', 'send'));
  check(r, { 'send is 200': (r) => r.status === 200, 'masked': (r) => r.json('maskedEmail') !== '' });

  r = http.get(`${inbox}?recipient=${encodeURIComponent(login)}&wait=30s`,
    { headers: { Authorization: `Bearer ${__ENV.ADMIN_TOKEN}` }, tags: { name: 'inbox' } });
  const token = /[?&]t=([^&#\s]+)/.exec(r.json('messages.0.body'))[1];

  r = http.post(`${base}/v1/auth/magiclink/verify`, JSON.stringify({ token }), headers('', 'verify'));
  check(r, { 'verify is 200': (r) => r.status === 200, 'the user is who signed in': (r) => r.json('user.loginIds.0') === login });
  const jwt = r.json('refreshJwt');

  r = http.post(`${base}/v1/auth/magiclink/update/phone/sms`,
    JSON.stringify({ loginId: login, phone: `+1202555${String(100 + (exec.scenario.iterationInTest % 100)).padStart(4, '0')}`, redirectUrl: 'https://app.example.test/verify' }), headers(jwt, 'change'));
  check(r, { 'change is 200': (r) => r.status === 200, 'masked': (r) => r.json('maskedPhone') !== '' });
}

// One line that the bench reads.
export function handleSummary(data) {
  const m = data.metrics;
  return {
    stdout: JSON.stringify({
      requests: m.http_reqs.values.count,
      iterations: m.iterations.values.count,
      failed: m.checks.values.fails,
      p99_ms: m.http_req_duration.values['p(99)'],
    }) + '\n',
  };
}
