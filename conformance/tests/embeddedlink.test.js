import assert from 'node:assert/strict';
import { test } from 'node:test';
import { email, good, phone, refused } from '../check.js';
import { start } from '../emulator.js';
import { checkSession } from '../signin.js';

const emulator = await start();
const project = emulator.main;
const { sdk } = project;
const users = sdk.management.user;

test('a user that the management made signs in by an embedded link, once', async () => {
  const to = email();
  const made = await good(users.create(to, { email: to, verifiedEmail: true }));
  const { token } = await good(users.generateEmbeddedLink(to));
  const session = await good(sdk.magicLink.verify(token));
  assert.equal(session.user.userId, made.userId);
  assert.equal(session.user.status, 'enabled');
  assert.equal(session.firstSeen, true);
  await checkSession(project, session);
  await refused(sdk.magicLink.verify(token), 401, 'E062504');
});

test('custom claims are in the session', async () => {
  const to = email();
  await good(users.create(to, { email: to }));
  const { token } = await good(users.generateEmbeddedLink(to, { plan: 'gold' }, 120));
  const claims = await checkSession(project, await good(sdk.magicLink.verify(token)));
  assert.equal(claims.plan, 'gold');
  assert.equal(claims.nsec.plan, 'gold');
});

test('there is no embedded link for who is unknown', async () => {
  await refused(users.generateEmbeddedLink(email()), 404, 'E112102');
});

test('a lifetime out of bounds is refused', async () => {
  const to = email();
  await good(users.create(to, { email: to }));
  await refused(users.generateEmbeddedLink(to, undefined, -1), 400, 'E011004');
});

test('a sign-up makes the user when it is proven', async () => {
  const [login, address, number] = ['ada', email(), phone()];
  const user = { name: 'Ada Lovelace', givenName: 'Ada', familyName: 'Lovelace', email: address, phone: number };
  const { token } = await good(users.generateSignUpEmbeddedLink(login, user, true, false, { customClaims: { plan: 'gold' } }, 120));
  await refused(users.load(login), 404, 'E112102');
  const session = await good(sdk.magicLink.verify(token));
  assert.equal(session.firstSeen, true);
  assert.deepEqual(session.user.loginIds, [login]);
  for (const [name, value] of Object.entries({ ...user, verifiedEmail: true, verifiedPhone: false })) {
    assert.equal(session.user[name], value, name);
  }
  assert.equal((await checkSession(project, session)).plan, 'gold');
  assert.equal((await good(users.load(login))).userId, session.user.userId);
});

test('the sign-up of somebody who is known signs in', async () => {
  const to = email();
  const made = await good(users.create(to, { email: to }));
  const { token } = await good(users.generateSignUpEmbeddedLink(to));
  assert.equal((await good(sdk.magicLink.verify(token))).user.userId, made.userId);
});
