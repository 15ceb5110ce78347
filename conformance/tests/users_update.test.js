import assert from 'node:assert/strict';
import { test } from 'node:test';
import { email, good, phone, refused } from '../check.js';
import { start } from '../emulator.js';
import { signedUp } from '../signin.js';

const emulator = await start();
const project = emulator.main;
const { sdk, inbox } = project;
const users = sdk.management.user;

test('update replaces every attribute', async () => {
  const login = email();
  const made = await good(
    users.create(login, { email: login, verifiedEmail: true, displayName: 'Ada', roles: ['admin'], customAttributes: { plan: 'gold' } }),
  );
  const number = phone();
  const user = await good(users.update(login, { phone: number, verifiedPhone: true, displayName: 'Grace' }));
  assert.equal(user.userId, made.userId);
  assert.deepEqual(user.loginIds, [login]);
  assert.equal(user.name, 'Grace');
  assert.equal(user.phone, number);
  assert.equal(user.verifiedPhone, true);
  assert.ok(!user.email, 'what was not named is gone');
  assert.deepEqual(user.roleNames, []);
  assert.deepEqual(await good(users.load(made.userId)), user);
  await refused(users.update(email(), { displayName: 'Nobody' }), 404, 'E112102');
});

test('update in the older form, one argument each', async () => {
  const login = email();
  await good(users.create(login));
  const user = await good(users.update(login, login, undefined, 'Ada', ['admin']));
  assert.equal(user.email, login);
  assert.equal(user.name, 'Ada');
  assert.deepEqual(user.roleNames, ['admin']);
});

test('patch changes what it names and nothing else', async () => {
  const login = email();
  const made = await good(
    users.create(login, { email: login, verifiedEmail: true, displayName: 'Ada', givenName: 'Ada', customAttributes: { plan: 'gold', seats: 3 } }),
  );
  const number = phone();
  const user = await good(users.patch(login, { displayName: 'Ada Lovelace', phone: number, verifiedPhone: true, customAttributes: { seats: 4 } }));
  const want = { ...made, name: 'Ada Lovelace', phone: number, verifiedPhone: true, customAttributes: { plan: 'gold', seats: 4 } };
  assert.deepEqual({ ...user, modifiedTime: undefined }, { ...want, modifiedTime: undefined });
  assert.equal((await good(users.patch(login, { status: 'disabled', roles: ['admin'] }))).status, 'disabled');
  assert.equal((await good(users.patch(login, { displayName: '' }))).name, '');
  await refused(users.patch(email(), { displayName: 'Nobody' }), 404, 'E112102');
});

test('patch a batch; who is not there keeps nobody back', async () => {
  const [one, two] = [email(), email()];
  const made = await good(users.create(one));
  await good(users.create(two));
  const batch = await good(
    users.patchBatch([
      { loginIdOrUserId: made.userId, displayName: 'One' },
      { loginId: two, displayName: 'Two' },
      { loginId: email(), displayName: 'Nobody' },
    ]),
  );
  assert.deepEqual(batch.patchedUsers.map((u) => u.name), ['One', 'Two']);
  assert.equal(batch.failedUsers.length, 1);
  assert.ok(batch.failedUsers[0].failure);
});

for (const [name, update, address, method] of [
  ['phone', users.updatePhone, phone, 'sms'],
  ['email', users.updateEmail, email, 'email'],
]) {
  const flag = name === 'phone' ? 'verifiedPhone' : 'verifiedEmail';

  test(`set a verified ${name}, and clear it`, async () => {
    const [login, to] = ['login' + phone(), address()];
    const made = await good(users.create(login));
    const user = await good(update(login, to, true));
    assert.deepEqual([user[name], user[flag], user.userId], [to, true, made.userId]);
    await good(sdk.otp.signIn[method](login));
    assert.equal((await good(sdk.otp.verify[method](login, await inbox.code(to)))).user.userId, made.userId);
    const cleared = await good(update(login, '', false));
    assert.ok(!cleared[name] && !cleared[flag]);
  });

  test(`a verified ${name} that was a login ID stays one under its new value`, async () => {
    const [from, to] = [address(), address()];
    const made = await good(users.create(from, { [name]: from, [flag]: true }));
    const user = await good(update(from, to, true));
    assert.deepEqual(user.loginIds, [to]);
    assert.equal((await good(users.load(to))).userId, made.userId);
    await refused(users.load(from), 404, 'E112102');
  });

  test(`the management can set ${name} without vouching for it, and nobody signs in with it`, async () => {
    const [login, to] = ['login' + phone(), address()];
    await good(users.create(login));
    const user = await good(update(login, to, false));
    assert.equal(user[name], to);
    assert.ok(!user[flag]);
    await refused(sdk.otp.signIn[method](to), 400, 'E062108');
  });

  test(`a verified ${name} of somebody else merges that user`, async () => {
    const to = address();
    const other = await signedUp(project, to);
    const login = 'login' + phone();
    const made = await good(users.create(login));
    const user = await good(update(login, to, true));
    assert.equal(user.userId, made.userId);
    assert.deepEqual(new Set(user.loginIds), new Set([login, to]));
    await refused(users.loadByUserId(other.user.userId), 404, 'E112102');
    await refused(sdk.me(other.refreshJwt), 401, 'E064001');
  });

  test(`failOnConflict refuses the ${name} of somebody else`, async () => {
    const to = address();
    const other = await signedUp(project, to);
    const login = 'login' + phone();
    const made = await good(users.create(login));
    await refused(update(login, to, true, true), 409, 'E111127');
    assert.ok(!(await good(users.load(made.userId)))[name]);
    await good(sdk.me(other.refreshJwt));
  });
}

test('the only login ID can not be cleared away', async () => {
  const to = phone();
  await good(users.create(to, { phone: to, verifiedPhone: true }));
  const resp = await users.updatePhone(to, '', false);
  assert.deepEqual([resp.ok, resp.code], [false, 400]);
});

test('change a login ID, and take one away', async () => {
  const [one, two, three] = [email(), email(), email()];
  const made = await good(users.create(one, { additionalLoginIds: [two] }));
  const user = await good(users.updateLoginId(one, three));
  assert.equal(user.userId, made.userId);
  assert.deepEqual(new Set(user.loginIds), new Set([two, three]));
  assert.deepEqual((await good(users.updateLoginId(two))).loginIds, [three]);
  await refused(users.load(one), 404, 'E112102');
  const last = await users.updateLoginId(three);
  assert.deepEqual([last.ok, last.code], [false, 400]);
  const taken = email();
  await good(users.create(taken));
  const conflict = await users.updateLoginId(three, taken);
  assert.equal(conflict.ok, false);
  assert.ok(conflict.code >= 400 && conflict.code < 500);
  assert.deepEqual((await good(users.load(made.userId))).loginIds, [three]);
});

test('who is deactivated can do nothing until activated again', async () => {
  const to = phone();
  const session = await signedUp(project, to);
  await good(sdk.otp.signIn.sms(to));
  const code = await inbox.code(to);
  assert.equal((await good(users.deactivate(to))).status, 'disabled');
  for (const answer of [sdk.me(session.refreshJwt), sdk.refresh(session.refreshJwt), sdk.otp.signIn.sms(to), sdk.otp.verify.sms(to, code)]) {
    const resp = await answer;
    assert.equal(resp.ok, false);
    assert.ok(resp.code >= 400 && resp.code < 500, String(resp.code));
  }
  assert.equal((await good(users.activate(to))).status, 'enabled');
  await good(sdk.otp.signIn.sms(to));
  await good(sdk.otp.verify.sms(to, await inbox.code(to)));
});

test('logout by the management, by login ID and by user ID', async () => {
  for (const logout of [({ loginIds }) => users.logoutUser(loginIds[0]), ({ userId }) => users.logoutUserByUserId(userId)]) {
    const to = phone();
    const one = await signedUp(project, to);
    const two = await signedUp(project, to);
    assert.deepEqual(await good(logout(one.user)), {});
    for (const session of [one, two]) await refused(sdk.refresh(session.refreshJwt), 401, 'E064001');
    await signedUp(project, to);
  }
  await refused(users.logoutUser(phone()), 404, 'E112102');
});
