import assert from 'node:assert/strict';
import { test } from 'node:test';
import descope from '@descope/node-sdk';
import { email, good, phone, refused } from '../check.js';
import { start } from '../emulator.js';
import { tokenOf } from '../inbox.js';
import { checkSession, signedUp } from '../signin.js';

const emulator = await start();
const project = emulator.main;
const { sdk, inbox } = project;
const page = 'https://app.example.test/verify';

// pending is one poll, as waitForSession does it once a second.
const pending = async (pendingRef) => {
  const resp = await sdk.httpClient.post('/v1/auth/enchantedlink/pending-session', { pendingRef });
  return { ok: resp.ok, code: resp.status, [resp.ok ? 'data' : 'error']: await resp.json() };
};

// collected is the session with the cookies that the SDK makes of one.
const collected = (pendingRef) => good(sdk.enchantedLink.waitForSession(pendingRef, { timeoutMs: 30_000 }));

// checkSent checks what the SDK is given for a send, and gives the message.
async function checkSent(sent, to) {
  assert.ok(sent.pendingRef);
  assert.match(sent.linkId, /^\d+$/);
  assert.ok(sent.maskedEmail);
  assert.ok(!JSON.stringify(sent).includes(to), 'the address is masked');
  const message = await inbox.take(to);
  assert.equal(message.channel, 'email');
  assert.match(message.body, new RegExp(`\\b${sent.linkId}\\b`), 'the message has the number to look for');
  assert.ok(message.link.startsWith(`${page}?t=`));
  return message;
}

test('sign up: the session is where it was asked for, not where the link was opened', async () => {
  const to = email();
  const sent = await good(sdk.enchantedLink.signUp(to, page, { email: to, name: 'Ada Lovelace' }));
  const { link } = await checkSent(sent, to);
  await refused(pending(sent.pendingRef), 401, descope.DescopeErrors.enchantedLinkPending);

  const waiting = sdk.enchantedLink.waitForSession(sent.pendingRef, { timeoutMs: 30_000 });
  const clicked = await good(sdk.enchantedLink.verify(tokenOf(link)));
  assert.equal(clicked.sessionJwt, undefined);
  const session = await good(waiting);
  assert.equal(session.firstSeen, true);
  assert.equal(session.user.email, to);
  assert.equal(session.user.verifiedEmail, true);
  assert.equal(session.user.name, 'Ada Lovelace');
  await checkSession(project, session);
});

test('sign in', async () => {
  const to = email();
  await refused(sdk.enchantedLink.signIn(to, page), 400, 'E062108');
  const before = await signedUp(project, to);
  await refused(sdk.enchantedLink.signUp(to, page), 400, 'E062107');
  const sent = await good(sdk.enchantedLink.signIn(to, page));
  await good(sdk.enchantedLink.verify(tokenOf((await checkSent(sent, to)).link)));
  const session = await good(pending(sent.pendingRef));
  assert.equal(session.firstSeen, false);
  assert.equal(session.user.userId, before.user.userId);
});

test('sign up or in', async () => {
  const to = email();
  const users = [];
  for (const firstSeen of [true, false]) {
    const sent = await good(sdk.enchantedLink.signUpOrIn(to, page));
    await good(sdk.enchantedLink.verify(tokenOf((await checkSent(sent, to)).link)));
    const session = await good(pending(sent.pendingRef));
    assert.equal(session.firstSeen, firstSeen);
    users.push(session.user.userId);
  }
  assert.equal(users[0], users[1]);
});

test('a link works once, and its session is handed out once', async () => {
  const to = email();
  const sent = await good(sdk.enchantedLink.signUpOrIn(to, page));
  const token = tokenOf((await checkSent(sent, to)).link);
  await good(sdk.enchantedLink.verify(token));
  assert.equal((await sdk.enchantedLink.verify(token)).ok, false);
  await good(pending(sent.pendingRef));
  assert.equal((await pending(sent.pendingRef)).ok, false);
});

test('of the links in a message one alone is right', async () => {
  const to = email();
  const sent = await good(sdk.enchantedLink.signUpOrIn(to, page));
  const { body, link } = await checkSent(sent, to);
  const links = body.match(/https:\S+/g);
  assert.ok(links.includes(link));
  for (const wrong of links.filter((other) => other !== link)) {
    assert.equal((await sdk.enchantedLink.verify(tokenOf(wrong))).ok, false);
  }
  await refused(pending(sent.pendingRef), 401, 'E062503');
  await good(sdk.enchantedLink.verify(tokenOf(link)));
});

test('an enchanted link is no magic link, nor the other way round', async () => {
  const to = email();
  const sent = await good(sdk.enchantedLink.signUpOrIn(to, page));
  const enchanted = tokenOf((await checkSent(sent, to)).link);
  assert.equal((await sdk.magicLink.verify(enchanted)).ok, false);
  await good(sdk.magicLink.signUpOrIn.email(to, page));
  assert.equal((await sdk.enchantedLink.verify(await inbox.token(to))).ok, false);
  await refused(pending(sent.pendingRef), 401, 'E062503');
});

test('a token and a reference that were never issued are refused', async () => {
  for (const resp of [await sdk.enchantedLink.verify('no-such-token'), await pending('no-such-reference')]) {
    assert.equal(resp.ok, false);
    assert.equal(resp.code, 401);
    assert.ok(['E062504', 'E063010'].includes(resp.error.errorCode), resp.error.errorCode);
  }
});

test('who waits for a click that never comes is told so by the SDK', async () => {
  const to = email();
  const sent = await good(sdk.enchantedLink.signUpOrIn(to, page));
  const resp = await sdk.enchantedLink.waitForSession(sent.pendingRef, { timeoutMs: 1 });
  assert.equal(resp.ok, false);
  assert.match(resp.error.errorDescription, /polling timeout exceeded/);
});

test('login options go the way from the send to the session', async () => {
  const to = email();
  const before = await signedUp(project, to);
  await refused(sdk.enchantedLink.signIn(to, page, { stepup: true }), 401, 'E011002');
  const options = { stepup: true, customClaims: { plan: 'gold' }, templateId: 'T-1', templateOptions: { shop: 'Example' }, providerId: 'mail-2' };
  const sent = await good(sdk.enchantedLink.signIn(to, page, options, before.refreshJwt));
  const message = await checkSent(sent, to);
  assert.deepEqual(message.template_options, { shop: 'Example' });
  assert.equal(message.template_id, 'T-1');
  assert.equal(message.provider_id, 'mail-2');
  await good(sdk.enchantedLink.verify(tokenOf(message.link)));
  const token = await checkSession(project, await collected(sent.pendingRef));
  assert.equal(token.su, true);
  assert.equal(token.plan, 'gold');
});

test('the address changes when it is proven', async () => {
  const [login, to] = [phone(), email()];
  const before = await signedUp(project, login);
  await refused(sdk.enchantedLink.update.email(login, to, page), 401, 'E011002');
  const sent = await good(sdk.enchantedLink.update.email(login, to, page, before.refreshJwt, { addToLoginIDs: true }));
  const { link } = await checkSent(sent, to);
  assert.ok(!(await good(sdk.me(before.refreshJwt))).email, 'not before it is proven');
  await good(sdk.enchantedLink.verify(tokenOf(link)));
  const session = await good(pending(sent.pendingRef));
  assert.equal(session.user.userId, before.user.userId);
  assert.equal(session.user.email, to);
  assert.equal(session.user.verifiedEmail, true);
  assert.deepEqual(new Set(session.user.loginIds), new Set([login, to]));
});
