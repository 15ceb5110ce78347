import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressFor, email, good, phone, refused } from '../check.js';
import { start } from '../emulator.js';
import { checkSession, signedUp } from '../signin.js';

const emulator = await start();
const project = emulator.main;
const { sdk, inbox } = project;

// im is the API's other name of whatsapp.
for (const method of ['email', 'sms', 'voice', 'whatsapp', 'im']) {
  test(`sign up, then in, by ${method}`, async () => {
    const { to, field, verified, masked } = addressFor(method);
    const sent = await good(sdk.otp.signUp[method](to, { [field]: to, name: 'Grace Hopper' }));
    assert.ok(sent[masked]);
    assert.equal(typeof sent.verificationAttempts, 'number');
    const message = await inbox.take(to);
    assert.equal(message.channel, method === 'im' ? 'whatsapp' : method);
    assert.match(message.code, /^\d{6}$/);
    const session = await good(sdk.otp.verify[method](to, message.code));
    assert.equal(session.firstSeen, true);
    assert.deepEqual(session.user.loginIds, [to]);
    assert.equal(session.user[field], to);
    assert.equal(session.user[verified], true);
    assert.equal(session.user.name, 'Grace Hopper');
    assert.deepEqual((await checkSession(project, session)).amr, [message.channel]);

    assert.ok((await good(sdk.otp.signIn[method](to)))[masked]);
    const again = await good(sdk.otp.verify[method](to, await inbox.code(to)));
    assert.equal(again.firstSeen, false);
    assert.equal(again.user.userId, session.user.userId);
  });

  test(`sign up or in by ${method}`, async () => {
    const { to, masked } = addressFor(method);
    assert.ok((await good(sdk.otp.signUpOrIn[method](to)))[masked]);
    const first = await good(sdk.otp.verify[method](to, await inbox.code(to)));
    await good(sdk.otp.signUpOrIn[method](to));
    const second = await good(sdk.otp.verify[method](to, await inbox.code(to)));
    assert.deepEqual([first.firstSeen, second.firstSeen], [true, false]);
    assert.equal(second.user.userId, first.user.userId);
  });

  test(`who is unknown can not sign in, who is known can not sign up, by ${method}`, async () => {
    const { to } = addressFor(method);
    await refused(sdk.otp.signIn[method](to), 400, 'E062108');
    await signedUp(project, to);
    await refused(sdk.otp.signUp[method](to), 400, 'E062107');
  });
}

// wrongFor is a code that is not the given one.
const wrongFor = (code) => (code === '000000' ? '000001' : '000000');

test('a wrong code is refused, the right one works after it, once', async () => {
  const to = phone();
  await good(sdk.otp.signUpOrIn.sms(to));
  const code = await inbox.code(to);
  const error = await refused(sdk.otp.verify.sms(to, wrongFor(code)), 401, 'E061102');
  assert.match(error.errorMessage, /code/);
  await good(sdk.otp.verify.sms(to, code));
  await refused(sdk.otp.verify.sms(to, code), 401, 'E061102');
});

test('too many wrong codes lock the code', async () => {
  const to = phone();
  const { verificationAttempts } = await good(sdk.otp.signUpOrIn.sms(to));
  const code = await inbox.code(to);
  for (let i = 0; i < verificationAttempts; i += 1) {
    await refused(sdk.otp.verify.sms(to, wrongFor(code)), 401, 'E061102');
  }
  await refused(sdk.otp.verify.sms(to, code), 401, 'E061103');
  await good(sdk.otp.signUpOrIn.sms(to));
  await good(sdk.otp.verify.sms(to, await inbox.code(to)));
});

test('a later code replaces an earlier one', async () => {
  const to = email();
  await good(sdk.otp.signUpOrIn.email(to));
  const earlier = await inbox.code(to);
  await good(sdk.otp.signUpOrIn.email(to));
  let later = await inbox.code(to);
  if (later === earlier) { // one time in a million
    await good(sdk.otp.signUpOrIn.email(to));
    later = await inbox.code(to);
  }
  await refused(sdk.otp.verify.email(to, earlier), 401, 'E061102');
  await good(sdk.otp.verify.email(to, later));
});

test('a code is worth nothing with another login ID or another method', async () => {
  const [to, other] = [phone(), phone()];
  await signedUp(project, other);
  await good(sdk.otp.signUpOrIn.sms(to));
  const code = await inbox.code(to);
  await refused(sdk.otp.verify.sms(other, code), 401, 'E061102');
  await refused(sdk.otp.verify.email(to, code), 401, 'E061102');
  await good(sdk.otp.verify.sms(to, code));
});

test('an unknown login ID is answered like a wrong code', async () => {
  await refused(sdk.otp.verify.sms(phone(), '123456'), 401, 'E061102');
});

test('the same number in another spelling is the same user', async () => {
  const to = phone();
  const first = await signedUp(project, to);
  const spelled = `${to.slice(0, 2)}-${to.slice(2, 5)}-${to.slice(5, 8)}-${to.slice(8)}`;
  await good(sdk.otp.signIn.sms(spelled));
  const second = await good(sdk.otp.verify.sms(spelled, await inbox.code(to)));
  assert.equal(second.user.userId, first.user.userId);
});

test('login options go the way from the send to the session', async () => {
  const to = phone();
  const before = await signedUp(project, to, { customClaims: { plan: 'gold' }, templateOptions: { shop: 'Example' } });
  assert.equal((await checkSession(project, before)).plan, 'gold');

  await good(sdk.otp.signIn.sms(to, { stepup: true, revokeOtherSessions: true, templateId: 'T-1', providerId: 'twilio-2' }, before.refreshJwt));
  const message = await inbox.take(to);
  assert.equal(message.template_id, 'T-1');
  assert.equal(message.provider_id, 'twilio-2');
  const session = await good(sdk.otp.verify.sms(to, message.code));
  assert.equal((await checkSession(project, session)).su, true);
  await refused(sdk.me(before.refreshJwt), 401, 'E064001');
});

test('a second factor adds to the first', async () => {
  const [to, address] = [phone(), email()];
  const before = await signedUp(project, to);
  await good(sdk.otp.update.email(to, address, before.refreshJwt));
  await good(sdk.otp.verify.email(to, await inbox.code(address)));
  await good(sdk.otp.signIn.email(to, { mfa: true }, before.refreshJwt));
  const session = await good(sdk.otp.verify.email(to, await inbox.code(address)));
  const { amr } = await checkSession(project, session);
  assert.deepEqual(new Set(amr), new Set(['sms', 'email', 'mfa']));
});

test('a tenant that the user belongs to is the one of the session', async () => {
  const to = phone();
  const tenants = ['T-north', 'T-south'].map((tenantId) => ({ tenantId, roleNames: [`${tenantId}-admin`] }));
  await good(sdk.management.user.create(to, { phone: to, verifiedPhone: true, userTenants: tenants }));
  await good(sdk.otp.signIn.sms(to, { tenantId: 'T-south' }));
  const session = await good(sdk.otp.verify.sms(to, await inbox.code(to)));
  assert.equal(sdk.getCurrentTenant(session.sessionJwt), 'T-south');
  assert.deepEqual(sdk.getTenants(session.sessionJwt), ['T-north', 'T-south']);
  assert.deepEqual(sdk.getJwtRoles(session.sessionJwt, 'T-south'), ['T-south-admin']);
});
