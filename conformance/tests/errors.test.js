import assert from 'node:assert/strict';
import { test } from 'node:test';
import descope from '@descope/node-sdk';
import { email, good, phone, refused } from '../check.js';
import { start } from '../emulator.js';
import { signedUp } from '../signin.js';

const emulator = await start();
const project = emulator.main;
const { sdk, inbox } = project;
const { DescopeErrors } = descope;

test('the codes that the SDK has names for', async () => {
  const to = phone();
  await refused(sdk.otp.signIn.sms(to), 400, DescopeErrors.userNotFound);
  const { verificationAttempts } = await good(sdk.otp.signUpOrIn.sms(to));
  const wrong = (await inbox.code(to)) === '000000' ? '000001' : '000000';
  for (let i = 0; i < verificationAttempts; i += 1) {
    await refused(sdk.otp.verify.sms(to, wrong), 401, DescopeErrors.wrongOTPCode);
  }
  await refused(sdk.otp.verify.sms(to, wrong), 401, DescopeErrors.tooManyOTPAttempts);
  await refused(sdk.me(), 401, DescopeErrors.missingArguments);
  await refused(sdk.me('no.such.token'), 401, DescopeErrors.invalidArguments);
  await refused(sdk.otp.signUpOrIn.sms('no number'), 400, DescopeErrors.invalidRequest);
  const { pendingRef } = await good(sdk.enchantedLink.signUpOrIn(email()));
  const resp = await sdk.httpClient.post('/v1/auth/enchantedlink/pending-session', { pendingRef });
  assert.equal((await resp.json()).errorCode, DescopeErrors.enchantedLinkPending);
  const broken = await sdk.httpClient.post('/v1/auth/otp/signup-in/sms', ['no object']);
  assert.deepEqual([broken.status, (await broken.json()).errorCode], [400, DescopeErrors.badRequest]);
});

test('a wrong management key, and none', async () => {
  for (const managementKey of ['Kwrong', undefined]) {
    const other = project.client({ managementKey });
    await refused(other.management.user.load('anybody'), 401, 'E111119');
  }
});

test('a project that is not there', async () => {
  const nowhere = project.client({ projectId: 'Pnowherexxxxxxxxxxxxxxxxxxxx' });
  await refused(nowhere.otp.signUpOrIn.sms(phone()), 401, 'E011004');
  await assert.rejects(nowhere.validateSession((await signedUp(project, phone())).sessionJwt), /session validation failed/);
});

test('a session, a code and a key of one project are worth nothing in another', async () => {
  const other = await emulator.project();
  const to = phone();
  const session = await signedUp(project, to);
  assert.equal((await other.sdk.me(session.refreshJwt)).ok, false);
  await good(sdk.otp.signIn.sms(to));
  const code = await inbox.code(to);
  await signedUp(other, to);
  await refused(other.sdk.otp.verify.sms(to, code), 401, 'E061102');
  await refused(other.client({ managementKey: project.managementKey }).management.user.load(to), 401, 'E111119');
});

test('an auth management key goes along with every call', async () => {
  const own = await emulator.project();
  const client = own.client({ authManagementKey: own.authManagementKey });
  const to = phone();
  await good(client.otp.signUpOrIn.sms(to));
  const session = await good(client.otp.verify.sms(to, await own.inbox.code(to)));
  assert.equal((await good(client.me(session.refreshJwt))).userId, session.user.userId);
  await client.refreshSession(session.refreshJwt);
  await refused(own.client({ authManagementKey: 'Awrong' }).otp.signUpOrIn.sms(to), 401, 'E111119');
});

test('a limit that is exceeded says when to come again', async () => {
  const limit = [{ name: 'few', by: 'project', requests: 2, window: '1m', backoff: '1m', routes: ['/v1/auth/otp/*'] }];
  const limited = await emulator.project({ rate_limit: 'custom', limit });
  for (const to of [phone(), phone()]) await good(limited.sdk.otp.signUpOrIn.sms(to));
  const error = await refused(limited.sdk.otp.signUpOrIn.sms(phone()), 429, 'E130429');
  assert.ok(Number.isInteger(error.retryAfter) && error.retryAfter > 0 && error.retryAfter <= 60, String(error.retryAfter));
  await good(limited.sdk.magicLink.signUpOrIn.sms(phone()));
});

test('what the emulator does not have is 501, never a success', async () => {
  const error = await refused(sdk.password.signIn('somebody', 'secret'), 501, 'EAB0501');
  assert.match(error.errorMessage, /not emulated/);
});
