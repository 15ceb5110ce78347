import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, phone } from '../check.js';
import { start } from '../emulator.js';
import { signedUp } from '../signin.js';

const emulator = await start();
const project = emulator.main;
const { audit } = project.sdk.management;

const before = Date.now();
const [ada, grace] = [await signedUp(project, phone()), await signedUp(project, phone())];
const adaLogin = ada.user.loginIds[0];

test('what a user did is found by login ID', async () => {
  const records = await good(audit.search({ loginIds: [adaLogin] }));
  assert.ok(records.length > 0);
  for (const record of records) {
    assert.equal(record.projectId, project.id);
    assert.deepEqual(record.loginIds, [adaLogin]);
    assert.ok(record.action);
    assert.ok(record.occurred >= before - 1000 && record.occurred <= Date.now() + 1000, `occurred: ${record.occurred} ms`);
    for (const name of ['userId', 'device', 'method', 'geo', 'remoteAddress']) assert.equal(typeof record[name], 'string', name);
    assert.ok(Array.isArray(record.tenants));
  }
  assert.ok(records.some((record) => record.userId === ada.user.userId));
});

test('searches narrow by user, action, method and time', async () => {
  const all = await good(audit.search({}));
  assert.ok(all.some((record) => record.userId === grace.user.userId));

  const hers = await good(audit.search({ userIds: [grace.user.userId] }));
  assert.ok(hers.length > 0);
  assert.ok(hers.every((record) => record.userId === grace.user.userId));

  const { action } = hers[0];
  assert.ok((await good(audit.search({ actions: [action] }))).every((record) => record.action === action));
  assert.ok((await good(audit.search({ excludedActions: [action] }))).every((record) => record.action !== action));
  assert.deepEqual(await good(audit.search({ actions: ['NoSuchAction'] })), []);
  assert.deepEqual(await good(audit.search({ loginIds: ['nobody'] })), []);

  assert.deepEqual(await good(audit.search({ to: 1000 })), []);
  assert.equal((await good(audit.search({ from: before - 60_000 }))).length, all.length);
});

test('searchAll tells how many there are', async () => {
  const { audits, total } = await good(audit.searchAll({ userIds: [ada.user.userId] }));
  assert.equal(total, audits.length);
  assert.ok(total > 0);
});

test('no token and no code is in the audit', async () => {
  const to = phone();
  await good(project.sdk.otp.signUpOrIn.sms(to));
  const code = await project.inbox.code(to);
  const session = await good(project.sdk.otp.verify.sms(to, code));
  const text = JSON.stringify(await good(audit.search({})));
  for (const secret of [session.sessionJwt, session.refreshJwt, `"${code}"`]) assert.ok(!text.includes(secret));
});
