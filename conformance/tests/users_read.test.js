import assert from 'node:assert/strict';
import { test } from 'node:test';
import { email, good, phone, refused } from '../check.js';
import { start } from '../emulator.js';
import { signedUp } from '../signin.js';

const emulator = await start();
const project = emulator.main;
const { sdk } = project;
const users = sdk.management.user;

test('load by login ID, and by user ID', async () => {
  const login = phone();
  const made = await good(users.create(login, { phone: login, verifiedPhone: true }));
  for (const load of [users.load(login), users.load(made.userId), users.loadByUserId(made.userId)]) {
    assert.deepEqual(await good(load), made);
  }
  await refused(users.load(phone()), 404, 'E112102');
  await refused(users.loadByUserId('U2nobody'), 404, 'E112102');
});

test('load many; who is not there is left out', async () => {
  const [one, two] = [await good(users.create(email())), await good(users.create(email()))];
  const loaded = await good(users.loadUsers([one.userId, two.userId, 'U2nobody']));
  assert.deepEqual(new Set(loaded.map((u) => u.userId)), new Set([one.userId, two.userId]));
  assert.deepEqual(loaded.find((u) => u.userId === one.userId), one);
});

test('load many leaves out who is disabled, unless told otherwise', async () => {
  const [on, off] = [await good(users.create(email())), await good(users.create(email()))];
  await good(users.deactivate(off.loginIds[0]));
  const ids = [on.userId, off.userId];
  assert.deepEqual((await good(users.loadUsers(ids))).map((u) => u.userId), [on.userId]);
  assert.equal((await good(users.loadUsers(ids, true))).length, 2);
});

// crowd is a project with five users, in this order.
const crowd = await emulator.project({ signing_alg: 'ES256' });
const people = [];
for (const [name, options] of Object.entries({
  ada: { displayName: 'Ada Lovelace', roles: ['admin'], customAttributes: { plan: 'gold' }, verifiedEmail: true },
  grace: { displayName: 'Grace Hopper', userTenants: [{ tenantId: 'T-north' }], phone: '+15550109001', verifiedPhone: true },
  joan: { displayName: 'Joan Clarke', customAttributes: { plan: 'silver' } },
  katherine: { displayName: 'Katherine Johnson', roles: ['admin', 'owner'], ssoAppIds: ['app-1'] },
})) {
  const login = `${name}@example.test`;
  people.push(await good(crowd.sdk.management.user.create(login, { email: login, ...options })));
}
people.push(await good(crowd.sdk.management.user.createTestUser('test@example.test', { email: 'test@example.test' })));

const search = (request) => good(crowd.sdk.management.user.search(request));
const names = ({ users: found }) => found.map((u) => u.loginIds[0].split('@')[0]);

for (const [what, request, want] of [
  ['everybody but test users', {}, ['ada', 'grace', 'joan', 'katherine']],
  ['test users too', { withTestUser: true }, ['ada', 'grace', 'joan', 'katherine', 'test']],
  ['test users only', { testUsersOnly: true }, ['test']],
  ['login IDs', { loginIds: ['ada@example.test', 'nobody'] }, ['ada']],
  ['user IDs', { userIds: [people[1].userId] }, ['grace']],
  ['emails', { emails: ['joan@example.test'] }, ['joan']],
  ['phones', { phones: ['+15550109001'] }, ['grace']],
  ['statuses', { statuses: ['enabled'] }, []],
  ['roles', { roles: ['owner'] }, ['katherine']],
  ['tenants', { tenantIds: ['T-north'] }, ['grace']],
  ['SSO applications', { ssoAppIds: ['app-1'] }, ['katherine']],
  ['custom attributes', { customAttributes: { plan: 'gold' } }, ['ada']],
  ['text', { text: 'HOPPER' }, ['grace']],
  ['verified email', { verifiedEmail: true }, ['ada']],
  ['verified phone', { verifiedPhone: true }, ['grace']],
  ['created before', { toCreatedTime: 1000 }, []],
  ['created after', { fromCreatedTime: 1000 }, ['ada', 'grace', 'joan', 'katherine']],
  ['a sort', { sort: [{ field: 'name', desc: true }] }, ['katherine', 'joan', 'grace', 'ada']],
]) {
  test(`search by ${what}`, async () => {
    const found = await search(request);
    if (request.sort) assert.deepEqual(names(found), want);
    else assert.deepEqual(names(found).sort(), want);
    assert.equal(found.total, want.length);
  });
}

test('search page by page', async () => {
  const pages = [];
  for (const page of [0, 1, 2]) {
    const found = await search({ limit: 3, page, sort: [{ field: 'name' }] });
    assert.equal(found.total, 4);
    pages.push(names(found));
  }
  assert.deepEqual(pages, [['ada', 'grace', 'joan'], ['katherine'], []]);
});

test('the older search, one argument each', async () => {
  const { searchAll } = crowd.sdk.management.user;
  assert.equal((await good(searchAll())).length, 4);
  assert.deepEqual(names({ users: await good(searchAll([], ['owner'], 10, 0)) }), ['katherine']);
  assert.deepEqual(names({ users: await good(searchAll(['T-north'])) }), ['grace']);
  assert.deepEqual(names({ users: await good(searchAll([], [], 10, 0, true)) }), ['test']);
  assert.equal((await good(searchAll([], [], 10, 0, false, true))).length, 5);
});

test('search for test users', async () => {
  const found = await good(crowd.sdk.management.user.searchTestUsers({}));
  assert.deepEqual(names(found), ['test']);
  assert.equal(found.total, 1);
});

test('history of users by their IDs', async () => {
  const one = await signedUp(project, phone());
  const other = await signedUp(project, phone());
  const history = await good(users.history([one.user.userId, other.user.userId]));
  assert.deepEqual(new Set(history.map((entry) => entry.userId)), new Set([one.user.userId, other.user.userId]));
});
