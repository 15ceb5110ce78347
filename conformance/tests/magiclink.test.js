import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressFor, email, good, phone, refused } from '../check.js';
import { start } from '../emulator.js';
import { checkSession, signedUp } from '../signin.js';
import { tokenOf } from '../inbox.js';

const emulator = await start();
const project = emulator.main;
const { sdk, inbox } = project;
const page = 'https://app.example.test/verify';

for (const method of ['email', 'sms', 'whatsapp']) {
  test(`sign up, then in, by ${method}`, async () => {
    const { to, field, verified, masked } = addressFor(method);
    const sent = await good(sdk.magicLink.signUp[method](to, page, { [field]: to, name: 'Ada Lovelace', givenName: 'Ada' }));
    assert.ok(sent[masked]);
    assert.ok(!JSON.stringify(sent).includes(to), 'the address is masked');

    const message = await inbox.take(to);
    assert.equal(message.channel, method);
    assert.ok(message.link.startsWith(`${page}?t=`));
    const session = await good(sdk.magicLink.verify(tokenOf(message.link)));
    assert.equal(session.firstSeen, true);
    assert.deepEqual(session.user.loginIds, [to]);
    assert.equal(session.user[field], to);
    assert.equal(session.user[verified], true);
    assert.equal(session.user.name, 'Ada Lovelace');
    assert.equal(session.user.givenName, 'Ada');
    assert.equal(session.user.status, 'enabled');
    assert.deepEqual((await checkSession(project, session)).amr, [method]);

    assert.ok((await good(sdk.magicLink.signIn[method](to, page)))[masked]);
    const again = await good(sdk.magicLink.verify(await inbox.token(to)));
    assert.equal(again.firstSeen, false);
    assert.equal(again.user.userId, session.user.userId);
    await checkSession(project, again);
  });

  test(`sign up or in by ${method}`, async () => {
    const { to, masked } = addressFor(method);
    assert.ok((await good(sdk.magicLink.signUpOrIn[method](to, page)))[masked]);
    const first = await good(sdk.magicLink.verify(await inbox.token(to)));
    await good(sdk.magicLink.signUpOrIn[method](to, page));
    const second = await good(sdk.magicLink.verify(await inbox.token(to)));
    assert.deepEqual([first.firstSeen, second.firstSeen], [true, false]);
    assert.equal(second.user.userId, first.user.userId);
  });

  test(`who is unknown can not sign in, who is known can not sign up, by ${method}`, async () => {
    const { to } = addressFor(method);
    await refused(sdk.magicLink.signIn[method](to, page), 400, 'E062108');
    await signedUp(project, to);
    await refused(sdk.magicLink.signUp[method](to, page), 400, 'E062107');
  });
}

test('a link without a URI leads to the address of the project', async () => {
  const to = phone();
  await good(sdk.magicLink.signUpOrIn.sms(to));
  const { link } = await inbox.take(to);
  assert.ok(link.startsWith('https://app.example.test/verify?t='));
});

test('a URI keeps its own query', async () => {
  const to = email();
  await good(sdk.magicLink.signUpOrIn.email(to, `${page}?from=mail`));
  const { link } = await inbox.take(to);
  assert.ok(link.startsWith(`${page}?from=mail&t=`));
  await good(sdk.magicLink.verify(tokenOf(link)));
});

test('a URI outside the approved domains is refused', async () => {
  const strict = await emulator.project({ approved_domains: ['app.example.test'] });
  const to = email();
  await refused(strict.sdk.magicLink.signUpOrIn.email(to, 'https://evil.example.net/verify'), 400, 'E011003');
  await good(strict.sdk.magicLink.signUpOrIn.email(to, page));
  await good(strict.sdk.magicLink.verify(await strict.inbox.token(to)));
});

test('an earlier link works beside a later one, each once', async () => {
  const to = phone();
  await good(sdk.magicLink.signUpOrIn.sms(to, page));
  const earlier = await inbox.token(to);
  await good(sdk.magicLink.signUpOrIn.sms(to, page));
  const later = await inbox.token(to);
  await good(sdk.magicLink.verify(later));
  await good(sdk.magicLink.verify(earlier));
  for (const token of [later, earlier]) {
    const error = await refused(sdk.magicLink.verify(token), 401, 'E062504');
    assert.match(error.errorMessage, /expired/);
  }
});

test('a token that was never issued is refused', async () => {
  await refused(sdk.magicLink.verify('no-such-token'), 401, 'E062504');
});

test('a repeated sign-up is no conflict before it is verified', async () => {
  const to = email();
  await good(sdk.magicLink.signUp.email(to, page));
  await inbox.take(to);
  await good(sdk.magicLink.signUp.email(to, page));
  await good(sdk.magicLink.verify(await inbox.token(to)));
  await refused(sdk.magicLink.signUp.email(to, page), 400, 'E062107');
});

test('template options, template and provider reach the message', async () => {
  const to = phone();
  const options = { templateId: 'T-welcome', templateOptions: { shop: 'Example' }, providerId: 'twilio-2' };
  await good(sdk.magicLink.signUpOrIn.sms(to, page, options));
  const message = await inbox.take(to);
  assert.deepEqual(message.template_options, { shop: 'Example' });
  assert.equal(message.template_id, 'T-welcome');
  assert.equal(message.provider_id, 'twilio-2');
});

test('custom claims are in the session', async () => {
  const to = phone();
  await good(sdk.magicLink.signUpOrIn.sms(to, page, { customClaims: { plan: 'gold' } }));
  const session = await good(sdk.magicLink.verify(await inbox.token(to)));
  assert.equal((await checkSession(project, session)).plan, 'gold');
});

test('a step-up needs the refresh token and marks the session', async () => {
  const to = phone();
  const before = await signedUp(project, to);
  await refused(sdk.magicLink.signIn.sms(to, page, { stepup: true }), 401, 'E011002');
  await good(sdk.magicLink.signIn.sms(to, page, { stepup: true }, before.refreshJwt));
  const session = await good(sdk.magicLink.verify(await inbox.token(to)));
  assert.equal((await checkSession(project, session)).su, true);
});

test('a second factor adds to the first', async () => {
  const to = phone();
  const address = email();
  const before = await signedUp(project, to);
  await good(sdk.magicLink.update.email(to, address, page, before.refreshJwt));
  await good(sdk.magicLink.verify(await inbox.token(address)));
  await good(sdk.magicLink.signIn.email(to, page, { mfa: true }, before.refreshJwt));
  const session = await good(sdk.magicLink.verify(await inbox.token(address)));
  const { amr } = await checkSession(project, session);
  assert.deepEqual(new Set(amr), new Set(['sms', 'email', 'mfa']));
});

test('revokeOtherSessions ends the sessions before it', async () => {
  const to = phone();
  const before = await signedUp(project, to);
  await good(sdk.magicLink.signIn.sms(to, page, { revokeOtherSessions: true }));
  const session = await good(sdk.magicLink.verify(await inbox.token(to)));
  await refused(sdk.me(before.refreshJwt), 401, 'E064001');
  await good(sdk.me(session.refreshJwt));
});

test('what is empty is refused by the SDK itself', async () => {
  assert.throws(() => sdk.magicLink.signIn.sms(''), /"loginId" must not be empty/);
  await assert.rejects(() => sdk.magicLink.verify(''), /"token" must not be empty/);
});
