import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressFor, email, good, phone, refused } from '../check.js';
import { start } from '../emulator.js';
import { checkSession, signedUp } from '../signin.js';

const emulator = await start();
const project = emulator.main;
const { sdk, inbox } = project;
const page = 'https://app.example.test/verify';

// An update by magic link and one by code differ only in how they are asked for and how
// they are proven.
const carriers = {
  'magic link': {
    methods: ['email', 'sms', 'whatsapp', 'im'],
    send: (method, login, to, token, options) =>
      method === 'email'
        ? sdk.magicLink.update.email(login, to, page, token, options)
        : sdk.magicLink.update.phone[method](login, to, page, token, options),
    prove: async (method, login, to) => sdk.magicLink.verify(await inbox.token(to)),
  },
  code: {
    methods: ['email', 'sms', 'voice', 'whatsapp', 'im'],
    send: (method, login, to, token, options) =>
      method === 'email'
        ? sdk.otp.update.email(login, to, token, options)
        : sdk.otp.update.phone[method](login, to, token, options),
    prove: async (method, login, to) => sdk.otp.verify[method](login, await inbox.code(to)),
  },
};

for (const [carrier, { methods, send, prove }] of Object.entries(carriers)) {
  for (const method of methods) {
    test(`the address changes when it is proven, by ${carrier} and ${method}`, async () => {
      const login = method === 'email' ? phone() : email();
      const before = await signedUp(project, login);
      const { to, field, verified, masked } = addressFor(method);
      assert.ok((await good(send(method, login, to, before.refreshJwt)))[masked]);
      assert.ok(!(await good(sdk.me(before.refreshJwt)))[field], 'not before it is proven');

      const session = await good(prove(method, login, to));
      assert.equal(session.user[field], to);
      assert.equal(session.user[verified], true);
      assert.deepEqual(session.user.loginIds, [login]);
      assert.equal(session.user.userId, before.user.userId);
      await checkSession(project, session);
      await refused(sdk.otp.signIn[method](to), 400, 'E062108');
    });
  }

  test(`addToLoginIDs makes the address a way to sign in, by ${carrier}`, async () => {
    const login = email();
    const before = await signedUp(project, login);
    const to = phone();
    await good(send('sms', login, to, before.refreshJwt, { addToLoginIDs: true }));
    const session = await good(prove('sms', login, to));
    assert.deepEqual(new Set(session.user.loginIds), new Set([login, to]));
    await good(sdk.otp.signIn.sms(to));
    const again = await good(sdk.otp.verify.sms(to, await inbox.code(to)));
    assert.equal(again.user.userId, before.user.userId);
  });

  test(`a merge keeps the user who updates, by ${carrier}`, async () => {
    const [login, to] = [email(), phone()];
    const other = await signedUp(project, to);
    const before = await signedUp(project, login);
    await good(send('sms', login, to, before.refreshJwt, { addToLoginIDs: true, onMergeUseExisting: false }));
    const session = await good(prove('sms', login, to));
    assert.equal(session.user.userId, before.user.userId);
    assert.deepEqual(new Set(session.user.loginIds), new Set([login, to]));
    await refused(sdk.management.user.loadByUserId(other.user.userId), 404, 'E112102');
    await refused(sdk.me(other.refreshJwt), 401, 'E064001');
    await good(sdk.me(before.refreshJwt));
  });

  test(`a merge keeps the user who was there with onMergeUseExisting, by ${carrier}`, async () => {
    const [login, to] = [email(), phone()];
    const other = await signedUp(project, to);
    const before = await signedUp(project, login);
    await good(send('sms', login, to, before.refreshJwt, { addToLoginIDs: true, onMergeUseExisting: true }));
    const session = await good(prove('sms', login, to));
    assert.equal(session.user.userId, other.user.userId);
    assert.deepEqual(new Set(session.user.loginIds), new Set([login, to]));
    await checkSession(project, session);
    await refused(sdk.management.user.loadByUserId(before.user.userId), 404, 'E112102');
    await refused(sdk.me(before.refreshJwt), 401, 'E064001');
    await good(sdk.me(other.refreshJwt));
  });

  test(`failOnConflict refuses the merge, by ${carrier}`, async () => {
    const [login, to] = [email(), phone()];
    const other = await signedUp(project, to);
    const before = await signedUp(project, login);
    // The SDK has no name for it yet, and passes options on as they are.
    const options = { addToLoginIDs: true, failOnConflict: true };
    await refused(send('sms', login, to, before.refreshJwt, options), 409, 'E062125');
    await good(sdk.me(other.refreshJwt));
  });

  test(`an update is for the signed-in user alone, by ${carrier}`, async () => {
    const [login, foreign] = [email(), email()];
    const { refreshJwt, sessionJwt } = await signedUp(project, login);
    await signedUp(project, foreign);
    await refused(send('sms', login, phone()), 401, 'E011002');
    await refused(send('sms', login, phone(), 'no.such.token'), 401, 'E011004');
    await refused(send('sms', login, phone(), sessionJwt), 401, 'E011004');
    await refused(send('sms', foreign, phone(), refreshJwt), 400, 'E011004');
  });

  test(`template options, template and provider reach the message, by ${carrier}`, async () => {
    const [login, to] = [email(), phone()];
    const { refreshJwt } = await signedUp(project, login);
    const options = { templateId: 'T-moved', templateOptions: { shop: 'Example' }, providerId: 'twilio-2' };
    await good(send('sms', login, to, refreshJwt, options));
    const message = await inbox.take(to);
    assert.deepEqual(message.template_options, { shop: 'Example' });
    assert.equal(message.template_id, 'T-moved');
    assert.equal(message.provider_id, 'twilio-2');
  });
}

test('a code of an update is none of a sign-in, nor the other way round', async () => {
  const [login, to] = [phone(), phone()];
  const { refreshJwt, user } = await signedUp(project, login);
  await good(sdk.otp.update.phone.sms(login, to, refreshJwt));
  const update = await inbox.code(to);
  await good(sdk.otp.signIn.sms(login));
  await good(sdk.otp.verify.sms(login, await inbox.code(login)));
  assert.equal((await good(sdk.me(refreshJwt))).phone, login);
  const session = await good(sdk.otp.verify.sms(login, update));
  assert.equal(session.user.phone, to);
  assert.equal(session.user.userId, user.userId);
});

test('an update by code adds its factor with mfa', async () => {
  const [login, to] = [email(), phone()];
  const { refreshJwt } = await signedUp(project, login);
  await good(sdk.otp.update.phone.sms(login, to, refreshJwt, { mfa: true }));
  const session = await good(sdk.otp.verify.sms(login, await inbox.code(to)));
  const { amr } = await checkSession(project, session);
  assert.deepEqual(new Set(amr), new Set(['email', 'sms', 'mfa']));
});

test('what is no address is refused by the SDK itself', () => {
  assert.throws(() => sdk.otp.update.phone.sms('someone', '555'), /not a valid phone number/);
  assert.throws(() => sdk.magicLink.update.email('someone', 'nobody'), /not a valid email/);
});
