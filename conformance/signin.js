import assert from 'node:assert/strict';
import { good } from './check.js';

// signedUp signs a new user up by a code and gives what the SDK gives for it.
export async function signedUp(project, to, options) {
  const method = to.includes('@') ? 'email' : 'sms';
  await good(project.sdk.otp.signUpOrIn[method](to, options));
  return good(project.sdk.otp.verify[method](to, await project.inbox.code(to)));
}

// checkSession holds a session that the SDK was given against what the SDK makes of it.
export async function checkSession(project, session) {
  assert.ok(session.sessionJwt && session.refreshJwt);
  assert.equal(session.cookies.length, 1);
  assert.ok(session.cookies[0].startsWith(`DSR=${session.refreshJwt}; `));
  const { jwt, token } = await project.sdk.validateSession(session.sessionJwt);
  assert.equal(jwt, session.sessionJwt);
  assert.equal(token.iss, project.id);
  assert.equal(token.sub, session.user.userId);
  assert.equal(token.drn, 'DS');
  assert.equal(token.exp, session.sessionExpiration);
  return token;
}
