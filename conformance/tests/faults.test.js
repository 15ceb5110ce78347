import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, phone } from '../check.js';
import { start } from '../emulator.js';
import { signedUp } from '../signin.js';

const emulator = await start();

// faulty is a project with one fault, which strikes once.
async function faulty(fault) {
  const project = await emulator.project({ signing_alg: 'ES256' });
  await project.admin('POST', 'faults', { name: 'one', count: 1, ...fault });
  return { project, sdk: project.sdk };
}

const sends = '/v1/auth/otp/signup-in/*';

test('the SDK tries again after a 503 and tells nobody', async () => {
  const { project, sdk } = await faulty({ match: sends, phase: 'before', action: 'status', status: 503 });
  const to = phone();
  const resp = await sdk.otp.signUpOrIn.sms(to);
  await good(resp);
  assert.equal(resp.response.retries, 1);
  await good(sdk.otp.verify.sms(to, await project.inbox.code(to)));
});

test('an acknowledgement that is lost is a second message, and the first code is void', async () => {
  const { project, sdk } = await faulty({ match: sends, phase: 'after_commit', action: 'status', status: 503 });
  const to = phone();
  await good(sdk.otp.signUpOrIn.sms(to));
  const { messages } = await project.admin('GET', `messages?${new URLSearchParams({ recipient: to })}`);
  assert.equal(messages.length, 2);
  const [first, second] = messages.map((message) => message.code);
  if (first !== second) assert.equal((await sdk.otp.verify.sms(to, first)).ok, false);
  await good(sdk.otp.verify.sms(to, second));
});

test('an acknowledgement that is lost leaves the code of a test user good', async () => {
  const { sdk } = await faulty({ match: sends, phase: 'after_commit', action: 'status', status: 503 });
  const to = phone();
  await good(sdk.management.user.createTestUser(to, { phone: to, verifiedPhone: true }));
  const { code } = await good(sdk.management.user.generateOTPForTestUser('sms', to));
  await good(sdk.otp.signUpOrIn.sms(to));
  const session = await good(sdk.otp.verify.sms(to, code));
  assert.equal(session.user.test, true);
});

test('the SDK surfaces a 500 with the code that the fault has', async () => {
  const { sdk } = await faulty({ match: sends, phase: 'before', action: 'status', status: 500, error_code: 'E999999' });
  const to = phone();
  const resp = await sdk.otp.signUpOrIn.sms(to);
  assert.deepEqual([resp.ok, resp.code, resp.error.errorCode], [false, 500, 'E999999']);
  await good(sdk.otp.signUpOrIn.sms(to));
});

test('retryAfter is what the header says, and 0 where it is no number', async () => {
  for (const [retry_after, want] of [['7', 7], ['Wed, 21 Oct 2026 07:28:00 GMT', 0]]) {
    const { sdk } = await faulty({ match: sends, phase: 'before', action: 'status', status: 429, retry_after });
    const resp = await sdk.otp.signUpOrIn.sms(phone());
    assert.deepEqual([resp.ok, resp.code, resp.error.retryAfter], [false, 429, want]);
  }
});

for (const action of ['reset', 'truncate', 'garbage']) {
  test(`the SDK rejects an answer that is no answer: ${action}`, async () => {
    const { sdk } = await faulty({ match: sends, phase: 'after_commit', action });
    await assert.rejects(sdk.otp.signUpOrIn.sms(phone()));
    await good(sdk.otp.signUpOrIn.sms(phone()));
  });
}

test('the SDK takes an answer that drips', async () => {
  const { sdk } = await faulty({ match: sends, phase: 'after_commit', action: 'drip', bytes_per_second: 500 });
  assert.ok((await good(sdk.otp.signUpOrIn.sms(phone()))).maskedPhone);
});

test('the SDK validates nothing while it can not have the keys, and asks again', async () => {
  const { project } = await faulty({ phase: 'jwks', action: 'status', status: 500 });
  const { sessionJwt } = await signedUp(project, phone());
  await assert.rejects(project.sdk.validateSession(sessionJwt), /session validation failed/);
  await project.sdk.validateSession(sessionJwt);
});
