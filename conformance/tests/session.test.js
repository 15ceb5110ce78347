import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, phone, refused } from '../check.js';
import { start } from '../emulator.js';
import { checkSession, signedUp } from '../signin.js';

const emulator = await start();
const project = emulator.main;
const { sdk, inbox } = project;

// RS256 is what a project has that nobody configured.
for (const [alg, made] of [
  ['RS256', project],
  ['ES256', await emulator.project({ signing_alg: 'ES256' })],
  ['ES384', await emulator.project({ signing_alg: 'ES384' })],
  ['EdDSA', await emulator.project({ signing_alg: 'EdDSA' })],
]) {
  test(`the SDK validates and refreshes a session signed with ${alg}`, async () => {
    const session = await signedUp(made, phone());
    const [header] = session.sessionJwt.split('.').map((part) => Buffer.from(part, 'base64url'));
    assert.equal(JSON.parse(header).alg, alg);
    const claims = await checkSession(made, session);
    assert.equal(made.sdk.isJwtExpired(session.sessionJwt), false);

    const valid = await made.sdk.validateAndRefreshSession(session.sessionJwt, session.refreshJwt);
    assert.equal(valid.jwt, session.sessionJwt);

    for (const renewed of [
      await made.sdk.refreshSession(session.refreshJwt),
      await made.sdk.validateAndRefreshSession('', session.refreshJwt),
      await made.sdk.validateAndRefreshSession(tampered(session.sessionJwt), session.refreshJwt),
    ]) {
      assert.notEqual(renewed.jwt, session.sessionJwt);
      assert.equal(renewed.token.sub, claims.sub);
      assert.equal(renewed.token.drn, 'DS');
      await made.sdk.validateSession(renewed.jwt);
    }
  });
}

// tampered is the token with another subject and the signature that it had.
function tampered(jwt) {
  const [header, payload, signature] = jwt.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  return [header, Buffer.from(JSON.stringify({ ...claims, sub: 'U2another' })).toString('base64url'), signature].join('.');
}

test('the SDK refuses a token that was changed, or is of another project', async () => {
  const session = await signedUp(project, phone());
  await assert.rejects(sdk.validateSession(tampered(session.sessionJwt)), /session validation failed.*signature/);
  await assert.rejects(sdk.refreshSession(tampered(session.refreshJwt)), /refresh token validation failed.*signature/);
  const other = await emulator.project();
  await assert.rejects(other.sdk.validateSession(session.sessionJwt), /failed to fetch matching key/);
  await assert.rejects(sdk.validateSession('no.such.token'), /session validation failed/);
});

test('the SDK finds a key by the header of a token', async () => {
  const { sessionJwt } = await signedUp(project, phone());
  const header = JSON.parse(Buffer.from(sessionJwt.split('.')[0], 'base64url'));
  assert.equal((await sdk.getKey(header)).type, 'public');
  assert.equal((await sdk.validateJwt(sessionJwt)).token.iss, project.id);
  await assert.rejects(sdk.getKey({ ...header, kid: 'SK-unknown' }), /failed to fetch matching key/);
});

test('the SDK validates offline with the public key of the project', async () => {
  const { sessionJwt } = await signedUp(project, phone());
  const { keys } = await (await sdk.httpClient.get(`v2/keys/${project.id}`)).json();
  assert.equal(keys.length, 1);
  const offline = project.client({ publicKey: JSON.stringify(keys[0]), baseUrl: 'http://127.0.0.1:1', managementKey: undefined });
  await offline.validateSession(sessionJwt);
});

test('the older form of the public keys is a list', async () => {
  const resp = await sdk.httpClient.get(`v1/keys/${project.id}`);
  assert.equal(resp.status, 200);
  const keys = await resp.json();
  assert.ok(Array.isArray(keys));
  const now = await (await sdk.httpClient.get(`v2/keys/${project.id}`)).json();
  assert.deepEqual(keys, now.keys);
});

test('me is the user at the root', async () => {
  const to = phone();
  const session = await signedUp(project, to);
  const me = await good(sdk.me(session.refreshJwt));
  assert.deepEqual(me, session.user);
  assert.deepEqual(me.loginIds, [to]);
  for (const list of ['roleNames', 'userTenants']) assert.deepEqual(me[list], [], list);
  for (const flag of ['TOTP', 'SAML', 'SCIM', 'password', 'test']) assert.equal(me[flag], false, flag);
  assert.equal(typeof me.createdTime, 'number');
});

test('history is the sign-ins of the user', async () => {
  const to = phone();
  const session = await signedUp(project, to);
  await signedUp(project, to);
  const history = await good(sdk.history(session.refreshJwt));
  assert.ok(Array.isArray(history));
  assert.equal(history.length, 2);
  for (const entry of history) {
    assert.equal(entry.userId, session.user.userId);
    assert.equal(typeof entry.loginTime, 'number');
    for (const name of ['city', 'country', 'ip']) assert.equal(typeof entry[name], 'string', name);
  }
  const byId = await good(sdk.management.user.history([session.user.userId]));
  assert.deepEqual(byId, history);
});

test('refresh gives a new session and, without rotation, keeps the refresh token', async () => {
  const session = await signedUp(project, phone());
  const renewed = await good(sdk.refresh(session.refreshJwt));
  assert.ok(renewed.sessionJwt);
  assert.ok(!renewed.refreshJwt);
  await good(sdk.refresh(session.refreshJwt));
});

test('refresh with rotation replaces the refresh token', async () => {
  const rotating = await emulator.project({ refresh_token_rotation: true });
  const session = await signedUp(rotating, phone());
  const renewed = await rotating.sdk.refreshSession(session.refreshJwt);
  assert.ok(renewed.refreshJwt);
  assert.notEqual(renewed.refreshJwt, session.refreshJwt);
  assert.ok(renewed.cookies[0].startsWith(`DSR=${renewed.refreshJwt}; `));
  await good(rotating.sdk.me(renewed.refreshJwt));
  assert.equal((await rotating.sdk.refresh(session.refreshJwt)).ok, false);
});

test('the SDK finds tokens in cookies', async () => {
  const cookies = await emulator.project({ session_token_response_method: 'cookies', refresh_token_response_method: 'cookies' });
  const to = phone();
  await good(cookies.sdk.otp.signUpOrIn.sms(to));
  const session = await good(cookies.sdk.otp.verify.sms(to, await cookies.inbox.code(to)));
  assert.ok(!session.sessionJwt);
  const [, sessionJwt] = session.cookies.join(', ').match(/\bDS=([^;]+);/);
  assert.equal((await cookies.sdk.validateSession(sessionJwt)).token.sub, session.user.userId);
  const renewed = await cookies.sdk.refreshSession(session.refreshJwt);
  assert.equal(renewed.token.sub, session.user.userId);
  assert.ok(renewed.cookies[0].includes(`DS=${renewed.jwt};`));
});

test('try-refresh has no error for a token that is no good', async () => {
  const session = await signedUp(project, phone());
  const attempt = async (token) => {
    const resp = await sdk.httpClient.post('/v1/auth/try-refresh', {}, { token });
    assert.equal(resp.status, 200);
    return resp.json();
  };
  const { sessionJwt } = await attempt(session.refreshJwt);
  await sdk.validateSession(sessionJwt);
  await good(sdk.logout(session.refreshJwt));
  for (const token of [session.refreshJwt, 'no.such.token', undefined]) {
    assert.ok(!(await attempt(token)).sessionJwt);
  }
});

test('validate answers for a session token', async () => {
  const session = await signedUp(project, phone());
  const validate = (token) => sdk.httpClient.post('/v1/auth/validate', {}, { token });
  const resp = await validate(session.sessionJwt);
  assert.equal(resp.status, 200);
  assert.equal((await resp.json()).parsedJWT.sub, session.user.userId);
  for (const token of [tampered(session.sessionJwt), 'no.such.token', undefined]) {
    assert.equal((await validate(token)).status, 401);
  }
});

test('logout ends one session', async () => {
  const to = phone();
  const one = await signedUp(project, to);
  const two = await signedUp(project, to);
  await good(sdk.logout(one.refreshJwt));
  const error = await refused(sdk.me(one.refreshJwt), 401, 'E064001');
  assert.match(error.errorMessage, /Expired due to logout/);
  await refused(sdk.refresh(one.refreshJwt), 401, 'E064001');
  await refused(sdk.logout(one.refreshJwt), 401, 'E064001');
  await assert.rejects(sdk.refreshSession(one.refreshJwt), /Expired due to logout/);
  await good(sdk.me(two.refreshJwt));
});

test('logoutAll ends every session of the user and nobody else\'s', async () => {
  const to = phone();
  const one = await signedUp(project, to);
  const two = await signedUp(project, to);
  const somebody = await signedUp(project, phone());
  await good(sdk.logoutAll(one.refreshJwt));
  for (const session of [one, two]) await refused(sdk.refresh(session.refreshJwt), 401, 'E064001');
  await good(sdk.refresh(somebody.refreshJwt));
});

test('a session needs a refresh token, and no other', async () => {
  const { sessionJwt } = await signedUp(project, phone());
  for (const call of ['me', 'history', 'refresh', 'logout', 'logoutAll']) {
    await refused(sdk[call](), 401, 'E011002');
    await refused(sdk[call]('no.such.token'), 401, 'E011004');
    await refused(sdk[call](sessionJwt), 401, 'E011004');
  }
});

test('roles and permissions are where the SDK looks for them', async () => {
  const to = phone();
  const userTenants = [{ tenantId: 'T-north', roleNames: ['auditor'] }];
  await good(sdk.management.user.create(to, { phone: to, verifiedPhone: true, roles: ['admin'], userTenants }));
  await good(sdk.otp.signIn.sms(to));
  const { sessionJwt } = await good(sdk.otp.verify.sms(to, await inbox.code(to)));
  const info = await sdk.validateSession(sessionJwt);
  assert.equal(sdk.validateRoles(info, ['admin']), true);
  assert.equal(sdk.validateRoles(info, ['admin', 'owner']), false);
  assert.deepEqual(sdk.getMatchedRoles(info, ['admin', 'owner']), ['admin']);
  assert.equal(sdk.validateTenantRoles(info, 'T-north', ['auditor']), true);
  assert.equal(sdk.validateTenantRoles(info, 'T-south', ['auditor']), false);
  assert.deepEqual(sdk.getMatchedTenantRoles(info, 'T-north', ['auditor', 'owner']), ['auditor']);
  assert.deepEqual(sdk.getJwtRoles(sessionJwt), ['admin']);
  assert.deepEqual(sdk.getTenants(sessionJwt), ['T-north']);
  assert.equal(sdk.getCurrentTenant(sessionJwt), 'T-north');

  // Roles have no permissions here, and what nobody has is not granted.
  assert.equal(sdk.validatePermissions(info, ['read']), false);
  assert.equal(sdk.validateTenantPermissions(info, 'T-north', ['read']), false);
  assert.deepEqual(sdk.getMatchedPermissions(info, ['read']), []);
  assert.deepEqual(sdk.getMatchedTenantPermissions(info, 'T-north', ['read']), []);
  assert.deepEqual(sdk.getJwtPermissions(sessionJwt), []);
});
