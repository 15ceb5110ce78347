import assert from 'node:assert/strict';
import { test } from 'node:test';
import { email, good, phone, refused } from '../check.js';
import { start } from '../emulator.js';
import { tokenOf } from '../inbox.js';
import { signedUp } from '../signin.js';

const emulator = await start();

// frozen is a project whose time moves when it is told to.
async function frozen(policy) {
  const project = await emulator.project({ signing_alg: 'ES256', ...policy });
  await project.admin('POST', 'clock', { freeze: true });
  return { project, sdk: project.sdk, inbox: project.inbox, pass: (advance) => project.admin('POST', 'clock', { advance }) };
}

test('the SDK refreshes a session that has expired, and only then', async () => {
  const project = await emulator.project();
  await project.admin('POST', 'clock', { skew: '-11m' });
  const session = await signedUp(project, phone());
  await project.admin('POST', 'clock', { skew: '0s' });

  const { sdk } = project;
  assert.equal(sdk.isJwtExpired(session.sessionJwt), true);
  await assert.rejects(sdk.validateSession(session.sessionJwt), /session validation failed.*"exp" claim/);
  const renewed = await sdk.validateAndRefreshSession(session.sessionJwt, session.refreshJwt);
  assert.notEqual(renewed.jwt, session.sessionJwt);
  const again = await sdk.validateAndRefreshSession(renewed.jwt, session.refreshJwt);
  assert.equal(again.jwt, renewed.jwt);
});

test('a refresh token that has expired is refused by the SDK and by the emulator', async () => {
  const project = await emulator.project({ refresh_token_expiration: '10m' });
  await project.admin('POST', 'clock', { skew: '-11m' });
  const session = await signedUp(project, phone());
  await project.admin('POST', 'clock', { skew: '0s' });
  await assert.rejects(project.sdk.refreshSession(session.refreshJwt), /refresh token validation failed.*"exp" claim/);
  await refused(project.sdk.refresh(session.refreshJwt), 401, 'E011004');
});

test('a code expires', async () => {
  const { sdk, inbox, pass } = await frozen({ otp: { expiration_time: '3m' } });
  const to = phone();
  await good(sdk.otp.signUpOrIn.sms(to));
  await pass('179s');
  await good(sdk.otp.verify.sms(to, await inbox.code(to)));
  await good(sdk.otp.signUpOrIn.sms(to));
  await pass('3m');
  await refused(sdk.otp.verify.sms(to, await inbox.code(to)), 401, 'E061104');
});

test('a magic link expires', async () => {
  const { sdk, inbox, pass } = await frozen({ magic_link: { expiration_time: '3m' } });
  const to = email();
  for (const [age, check] of [['179s', good], ['3m', (answer) => refused(answer, 401, 'E062504')]]) {
    await good(sdk.magicLink.signUpOrIn.email(to));
    await pass(age);
    await check(sdk.magicLink.verify(await inbox.token(to)));
  }
});

test('an embedded link expires when the project says, or when its request did', async () => {
  const { sdk, pass } = await frozen({ embedded_link: { expiration_time: '1m' } });
  const to = email();
  await good(sdk.management.user.create(to));
  for (const [timeout, seconds] of [[undefined, 60], [5, 5]]) {
    const fresh = await good(sdk.management.user.generateEmbeddedLink(to, undefined, timeout));
    await pass(`${seconds - 1}s`);
    await good(sdk.magicLink.verify(fresh.token));
    const stale = await good(sdk.management.user.generateEmbeddedLink(to, undefined, timeout));
    await pass(`${seconds}s`);
    await refused(sdk.magicLink.verify(stale.token), 401, 'E062504');
  }
});

test('an enchanted link expires', async () => {
  const { sdk, inbox, pass } = await frozen();
  const to = email();
  await good(sdk.enchantedLink.signUpOrIn(to));
  const { link } = await inbox.take(to);
  await pass('1h');
  const resp = await sdk.enchantedLink.verify(tokenOf(link));
  assert.deepEqual([resp.ok, resp.code], [false, 401]);
  assert.ok(['E062504', 'E063010'].includes(resp.error.errorCode), resp.error.errorCode);
});
