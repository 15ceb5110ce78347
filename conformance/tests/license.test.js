import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { good } from '../check.js';
import { start } from '../emulator.js';

const emulator = await start();
const project = emulator.main;

test('the SDK learns its tier when it is made, and tells it from then on', async () => {
  const told = [];
  let answered;
  const handshake = new Promise((resolve) => {
    answered = resolve;
  });
  const sdk = project.client({
    hooks: {
      beforeRequest: (request) => {
        told.push([request.path, request.headers?.['x-descope-license']]);
        return request;
      },
      afterRequest: async (request, response) => {
        if (request.path === '/v1/mgmt/license') answered({ status: response.status, body: await response.json() });
      },
    },
  });
  const { status, body } = await handshake;
  assert.equal(status, 200);
  assert.match(body.rateLimitTier, /^tier[1-4]$/);
  await setImmediate(); // what the SDK does with the answer comes after its hook
  await good(sdk.management.user.search({}));
  assert.deepEqual(told, [
    ['/v1/mgmt/license', undefined],
    ['/v2/mgmt/user/search', body.rateLimitTier],
  ]);
});

test('the SDK without a management key asks for no license', async () => {
  const asked = [];
  const beforeRequest = (request) => {
    asked.push(request.path);
    return request;
  };
  const sdk = project.client({ managementKey: undefined, hooks: { beforeRequest } });
  await good(sdk.otp.signUpOrIn.sms('+15550100001'));
  assert.deepEqual(asked, ['/v1/auth/otp/signup-in/sms']);
});
