import assert from 'node:assert/strict';
import { test } from 'node:test';
import { email, good, phone, refused } from '../check.js';
import { start } from '../emulator.js';

const emulator = await start();
const project = emulator.main;
const { sdk } = project;
const users = sdk.management.user;

// everything is what the SDK can say of a new user, and the user that comes of it.
function everything() {
  const [login, other, address, number] = [email(), email(), email(), phone()];
  const options = {
    email: address,
    phone: number,
    displayName: 'Ada Lovelace',
    givenName: 'Ada',
    middleName: 'King',
    familyName: 'Lovelace',
    picture: 'https://app.example.test/ada.png',
    verifiedEmail: true,
    verifiedPhone: true,
    roles: ['admin'],
    userTenants: [{ tenantId: 'T-north', roleNames: ['auditor'] }],
    customAttributes: { plan: 'gold', seats: 3, beta: true },
    additionalLoginIds: [other],
    ssoAppIds: ['app-1'],
  };
  const { displayName, roles, userTenants, additionalLoginIds, ...same } = options;
  return { login, options, want: { ...same, name: displayName, roleNames: roles, loginIds: [login, other], status: 'invited', test: false } };
}

function checkUser(user, want) {
  for (const [name, value] of Object.entries(want)) assert.deepEqual(user[name], value, name);
  assert.match(user.userId, /^U/);
  assert.equal(typeof user.createdTime, 'number');
}

test('create with everything that the SDK can say', async () => {
  const { login, options, want } = everything();
  const user = await good(users.create(login, options));
  checkUser(user, want);
  assert.equal(user.userTenants.length, 1);
  assert.equal(user.userTenants[0].tenantId, 'T-north');
  assert.deepEqual(user.userTenants[0].roleNames, ['auditor']);
  for (const loginId of want.loginIds) assert.deepEqual(await good(users.load(loginId)), user);
});

test('create in the older form, one argument each', async () => {
  const { login, options: o, want } = everything();
  const user = await good(
    users.create(
      login, o.email, o.phone, o.displayName, o.roles, o.userTenants, o.customAttributes, o.picture,
      o.verifiedEmail, o.verifiedPhone, o.givenName, o.middleName, o.familyName, o.additionalLoginIds,
    ),
  );
  checkUser(user, { ...want, ssoAppIds: [] });
});

test('create with nothing but a login ID', async () => {
  const login = email();
  const user = await good(users.create(login));
  checkUser(user, { loginIds: [login], status: 'invited', roleNames: [], userTenants: [] });
  assert.ok(!user.verifiedEmail && !user.verifiedPhone);
});

test('a login ID that is taken is refused', async () => {
  const login = email();
  await good(users.create(login));
  await refused(users.create(login), 400, 'E062107');
  await refused(users.create(email(), { additionalLoginIds: [login] }), 400, 'E062107');
});

test('a field of the wrong form is refused', async () => {
  await refused(users.create(''), 400, 'E011003');
  await refused(users.create(email(), { phone: 'no number' }), 400, 'E011003');
  await refused(users.create(email(), { email: 'no address' }), 400, 'E011003');
});

test('create a batch; who can not be created keeps nobody back', async () => {
  const taken = email();
  await good(users.create(taken));
  const [one, two] = [email(), phone()];
  const batch = await good(
    users.createBatch([
      { loginId: one, email: one, verifiedEmail: true, roles: ['admin'], displayName: 'One' },
      { loginIdOrUserId: two, phone: two, verifiedPhone: true },
      { loginId: taken },
    ]),
  );
  assert.deepEqual(batch.createdUsers.map((u) => u.loginIds), [[one], [two]]);
  assert.deepEqual(batch.createdUsers[0].roleNames, ['admin']);
  assert.equal(batch.createdUsers[0].name, 'One');
  assert.equal(batch.failedUsers.length, 1);
  assert.ok(batch.failedUsers[0].failure);
  assert.ok(batch.failedUsers[0].user.loginIds.includes(taken));
  for (const login of [one, two]) await good(users.load(login));
});

test('delete by login ID, and by user ID', async () => {
  for (const remove of [(user) => users.delete(user.loginIds[0]), (user) => users.deleteByUserId(user.userId)]) {
    const user = await good(users.create(email()));
    assert.deepEqual(await good(remove(user)), {});
    const error = await refused(users.load(user.loginIds[0]), 404, 'E112102');
    assert.ok(error.errorDescription);
    await refused(remove(user), 404, 'E112102');
  }
});

test('delete a batch', async () => {
  const made = [await good(users.create(email())), await good(users.create(email()))];
  const kept = await good(users.create(email()));
  assert.deepEqual(await good(users.deleteBatch(made.map((u) => u.userId))), {});
  for (const user of made) await refused(users.loadByUserId(user.userId), 404, 'E112102');
  await good(users.loadByUserId(kept.userId));
});
