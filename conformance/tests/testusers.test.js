import assert from 'node:assert/strict';
import { test } from 'node:test';
import { email, good, phone, refused } from '../check.js';
import { start } from '../emulator.js';
import { tokenOf } from '../inbox.js';
import { checkSession } from '../signin.js';

const emulator = await start();
const project = emulator.main;
const { sdk } = project;
const users = sdk.management.user;
const page = 'https://app.example.test/verify';

// tester is a new test user with a verified phone and email.
async function tester() {
  const [to, address] = [phone(), email()];
  const user = await good(users.createTestUser(to, { phone: to, verifiedPhone: true, email: address, verifiedEmail: true }));
  assert.equal(user.test, true);
  return { to, address, user };
}

test('a test user is marked, also in the session', async () => {
  const { to, user } = await tester();
  assert.equal(user.status, 'invited');
  const { code } = await good(users.generateOTPForTestUser('sms', to));
  const session = await good(sdk.otp.verify.sms(to, code));
  assert.equal(session.user.test, true);
  assert.equal((await checkSession(project, session)).tu, true);
});

for (const method of ['sms', 'email', 'voice', 'whatsapp']) {
  test(`a code for ${method}: generated, asked for, verified`, async () => {
    const { to, user } = await tester();
    const generated = await good(users.generateOTPForTestUser(method, to));
    assert.equal(generated.loginId, to);
    assert.match(generated.code, /^\d{6}$/);
    await good(sdk.otp.signIn[method](to));
    const session = await good(sdk.otp.verify[method](to, generated.code));
    assert.equal(session.user.userId, user.userId);
    await refused(sdk.otp.verify[method](to, generated.code), 401, 'E061102');
  });
}

for (const method of ['sms', 'email']) {
  test(`a magic link for ${method}: generated, asked for, verified`, async () => {
    const { to, user } = await tester();
    const generated = await good(users.generateMagicLinkForTestUser(method, to, page));
    assert.equal(generated.loginId, to);
    assert.ok(generated.link.startsWith(`${page}?t=`));
    await good(sdk.magicLink.signIn[method](to, page));
    const session = await good(sdk.magicLink.verify(tokenOf(generated.link)));
    assert.equal(session.user.userId, user.userId);
    await refused(sdk.magicLink.verify(tokenOf(generated.link)), 401, 'E062504');
  });
}

test('a magic link that is generated works without being asked for', async () => {
  const { to, user } = await tester();
  const { link } = await good(users.generateMagicLinkForTestUser('sms', to, page, { customClaims: { plan: 'gold' } }));
  const session = await good(sdk.magicLink.verify(tokenOf(link)));
  assert.equal(session.user.userId, user.userId);
  assert.equal((await checkSession(project, session)).plan, 'gold');
});

test('an enchanted link: generated, verified, waited for', async () => {
  const { address, user } = await tester();
  const generated = await good(users.generateEnchantedLinkForTestUser(user.loginIds[0], page));
  assert.equal(generated.loginId, user.loginIds[0]);
  assert.ok(generated.link.startsWith(`${page}?t=`));
  assert.ok(generated.pendingRef);
  await good(sdk.enchantedLink.verify(tokenOf(generated.link)));
  const session = await good(sdk.enchantedLink.waitForSession(generated.pendingRef, { timeoutMs: 30_000 }));
  assert.equal(session.user.userId, user.userId);
  assert.equal(session.user.email, address);
  await checkSession(project, session);
});

test('the phone of a test user is updated with a generated code', async () => {
  const { to, user } = await tester();
  const first = await good(users.generateOTPForTestUser('sms', to));
  const { refreshJwt } = await good(sdk.otp.verify.sms(to, first.code));
  const second = await good(users.generateOTPForTestUser('sms', to));
  const moved = phone();
  await good(sdk.otp.update.phone.sms(to, moved, refreshJwt));
  const session = await good(sdk.otp.verify.sms(to, second.code));
  assert.equal(session.user.userId, user.userId);
  assert.equal(session.user.phone, moved);
});

test('the phone of a test user is updated with a generated link', async () => {
  const { to, user } = await tester();
  const first = await good(users.generateMagicLinkForTestUser('sms', to, page));
  const { refreshJwt } = await good(sdk.magicLink.verify(tokenOf(first.link)));
  const second = await good(users.generateMagicLinkForTestUser('sms', to, page));
  const moved = phone();
  await good(sdk.magicLink.update.phone.sms(to, moved, page, refreshJwt));
  const session = await good(sdk.magicLink.verify(tokenOf(second.link)));
  assert.equal(session.user.userId, user.userId);
  assert.equal(session.user.phone, moved);
});

test('a login ID that the project has for tests signs up and in with the static code', async () => {
  const code = '271828';
  const own = await emulator.project({
    signing_alg: 'ES256',
    test_users_loginid_regexp: '^(\\+1666|robot-)',
    test_users_verifier_regexp: '^(\\+1666|robot-)',
    test_users_static_otp: code,
  });
  const { otp } = own.sdk;
  for (const [method, to] of [['sms', '+16665550101'], ['voice', '+16665550102'], ['whatsapp', '+16665550103'], ['email', 'robot-1@example.test']]) {
    await refused(otp.verify[method](to, code), 401, 'E061102'); // nothing was sent
    await good(otp.signUp[method](to));
    await refused(otp.verify[method](to, '314159'), 401, 'E061102');
    const session = await good(otp.verify[method](to, code));
    assert.equal(session.user.test, true);
    assert.equal((await checkSession(own, session)).tu, true);
    await refused(otp.verify[method](to, code), 401, 'E061102'); // once
    await good(otp.signIn[method](to));
    assert.equal((await good(otp.verify[method](to, code))).user.userId, session.user.userId);
  }
  const { messages } = await own.admin('GET', 'messages?state=all');
  assert.deepEqual(messages, [], 'test users get no message');

  // Who does not match is a real user, whom the static code does not let in.
  const to = phone();
  await good(otp.signUp.sms(to));
  const sent = await own.inbox.code(to);
  assert.notEqual(sent, code);
  await refused(otp.verify.sms(to, code), 401, 'E061102');
  const { user } = await good(otp.verify.sms(to, sent));
  assert.equal(user.test, false);
});

test('nothing is generated for who is no test user', async () => {
  const to = phone();
  await good(users.create(to, { phone: to }));
  await refused(users.generateOTPForTestUser('sms', to), 400, 'E011004');
  await refused(users.generateMagicLinkForTestUser('sms', to, page), 400, 'E011004');
  await refused(users.generateEnchantedLinkForTestUser(to, page), 400, 'E011004');
  await refused(users.generateOTPForTestUser('sms', phone()), 404, 'E112102');
});

test('all test users are deleted, and nobody else', async () => {
  const own = await emulator.project({ signing_alg: 'ES256' });
  const { user: management } = own.sdk.management;
  const kept = await good(management.create(email()));
  const gone = [await good(management.createTestUser(email())), await good(management.createTestUser(email()))];
  assert.deepEqual(await good(management.deleteAllTestUsers()), {});
  for (const user of gone) await refused(management.loadByUserId(user.userId), 404, 'E112102');
  await good(management.loadByUserId(kept.userId));
});
